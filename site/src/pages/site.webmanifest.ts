import { readIndex } from '../lib/documents.ts';
import { base, href } from '../lib/urls.ts';
import { ICON_SIZES } from './icon-[size].png.ts';

export const GET = () =>
  Response.json({
    name: readIndex().title,
    start_url: base,
    display: 'browser',
    background_color: '#fbfbfa',
    theme_color: '#17181c',
    icons: [
      { src: href('favicon.svg'), sizes: 'any', type: 'image/svg+xml' },
      ...ICON_SIZES.map((size) => ({
        src: href(`icon-${size}.png`),
        sizes: `${size}x${size}`,
        type: 'image/png',
      })),
    ],
  });
