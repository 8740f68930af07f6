/**
 * Lower case of the letters A to Z alone: the one rule by which logins and names of repositories are
 * the same. In the database it is `lower(… COLLATE "C")`. `toLowerCase` and the database's own
 * `lower` go beyond ASCII, each in its way: in Turkish, `I` becomes `ı`.
 */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
