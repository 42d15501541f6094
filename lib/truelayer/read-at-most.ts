/** A body's bytes; null, with the rest unread, once there are more than a well-meant one has. */
export async function readAtMost(body: ReadableStream<Uint8Array> | null, limitBytes: number): Promise<Buffer | null> {
  if (body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
