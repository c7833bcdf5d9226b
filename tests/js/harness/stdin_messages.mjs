/** Messages of docs/protocol.md that come in on the standard input, each after its length (u4). @returns {AsyncGenerator<Uint8Array>} */
export async function* stdinMessages() {
  let chunks = [];
  let size = 0;
  let length = null;
  /** The first so many bytes that came, if they have come. */
  const taken = (wanted) => {
    if (size < wanted) return null;
    const all = Buffer.concat(chunks);
    chunks = [all.subarray(wanted)];
    size -= wanted;
    return all.subarray(0, wanted);
  };
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    size += chunk.length;
    for (;;) {
      length ??= taken(4)?.readUint32LE() ?? null;
      const bytes = length === null ? null : taken(length);
      if (!bytes) break;
      length = null;
      yield bytes;
    }
  }
}
