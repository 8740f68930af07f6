import { Resvg } from '@resvg/resvg-js';
import icon from '../../public/favicon.svg?raw';

/** Pixels: of the home screens of iOS, and of Android. */
export const ICON_SIZES = [180, 192, 512] as const;

export const getStaticPaths = () =>
  ICON_SIZES.map((size) => ({ params: { size: String(size) }, props: { size } }));

export const GET = ({ props }: { props: { size: number } }) => {
  const png = new Resvg(icon, { fitTo: { mode: 'width', value: props.size } }).render().asPng();
  return new Response(new Uint8Array(png), { headers: { 'content-type': 'image/png' } });
};
