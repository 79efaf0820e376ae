/**
 * Reads a body that nobody read. Where an answer goes out while the client is still sending, workerd
 * closes the connection and may reset it; the client then sees a broken socket instead of the refusal,
 * and tries again.
 */

/** A refusal must stay cheap: past this the client may as well be cut off. */
const maxDrainedBytes = 4 * 1024 * 1024

/** To be called after the answer is made and before it is sent. */
export async function drainBody(request: Request): Promise<void> {
  if (request.bodyUsed) {
    return
  }
  const { body, headers } = request
  const length = Number(headers.get('content-length') ?? Infinity)
  if (body !== null && !body.locked && length <= maxDrainedBytes) {
    // Without reading piece by piece in JavaScript: junk must cost next to nothing.
    await request.arrayBuffer().catch(() => {
      // The client has gone; there is no one to refuse.
    })
  }
}
