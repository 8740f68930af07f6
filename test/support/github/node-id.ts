/**
 * GitHub's node ids: a prefix and, in base64url, a MessagePack array of unsigned integers:
 * `[0, database id]` for what stands alone, `[0, repository id, database id]` for what lies in a repository.
 */

const UINT32 = 0xce;
const UINT64 = 0xcf;

/** Makes a node id, such as `PR_kwDOMT5cIs6SXEkh` from `PR`, 826170402 and 2455521569. */
export function encodeNodeId(prefix: string, ...ids: number[]): string {
  const bytes = [0x90 + ids.length + 1, 0, ...ids.flatMap(encodeUint)];
  return `${prefix}_${Buffer.from(bytes).toString('base64url')}`;
}

/** The integers in a node id, without the leading 0. Throws if it is not one. */
export function decodeNodeId(nodeId: string): number[] {
  const bytes = Buffer.from(nodeId.slice(nodeId.indexOf('_') + 1), 'base64url');
  const count = (bytes[0] ?? 0) - 0x90;
  if (count < 2 || count > 3) throw new Error(`not a node id: ${nodeId}`);
  const ids: number[] = [];
  for (let at = 2; ids.length < count - 1; ) {
    const isLong = bytes[at] === UINT64;
    ids.push(isLong ? Number(bytes.readBigUInt64BE(at + 1)) : bytes.readUInt32BE(at + 1));
    at += isLong ? 9 : 5;
  }
  return ids;
}

/** The database id of what a node id names. */
export function databaseIdOf(nodeId: string): number {
  const id = decodeNodeId(nodeId).at(-1);
  if (id === undefined) throw new Error(`not a node id: ${nodeId}`);
  return id;
}

function encodeUint(value: number): number[] {
  const bytes = Buffer.alloc(value > 0xffff_ffff ? 9 : 5);
  bytes[0] = bytes.length === 9 ? UINT64 : UINT32;
  if (bytes.length === 9) bytes.writeBigUInt64BE(BigInt(value), 1);
  else bytes.writeUInt32BE(value, 1);
  return [...bytes];
}
