/** The kinds of pictures that a site shows, by the ending of their files. */
export const PICTURE_TYPES = ['png', 'jpg', 'webp', 'gif'] as const;

export type PictureType = (typeof PICTURE_TYPES)[number];

/** Bytes at the start of a file and the place they stand at. */
type Mark = readonly [place: number, bytes: string];

const MARKS: readonly (readonly [PictureType, readonly Mark[]])[] = [
  ['png', [[0, '\x89PNG\r\n\x1a\n']]],
  ['jpg', [[0, '\xff\xd8\xff']]],
  [
    'webp',
    [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  ],
  ['gif', [[0, 'GIF87a']]],
  ['gif', [[0, 'GIF89a']]],
];

/** What a file is by its first bytes, whatever it is called; null: none of these. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | null {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const found = MARKS.find(([, marks]) => marks.every(([at, mark]) => start.startsWith(mark, at)));
  return found?.[0] ?? null;
}
