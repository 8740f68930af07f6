/** A file that is there and can't be read: a fault of the disk, a refusal, a length that is not so. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}
