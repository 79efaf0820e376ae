/**
 * Reads a body that no route has read. If a response is sent while the client is still sending,
 * workerd closes the connection and may reset it; the client then sees a broken socket instead of
 * the error, and retries.
 */

/**
 * The maximal bytes to read, since a rejection must stay cheap; a longer body may end in a reset.
 */
const maxDrainedBytes = 4 * 1024 * 1024

/** The maximal milliseconds to read: a slow client without a key must not hold a request open. */
const maxDrainMs = 2000

/** Reads the rest of the body. To be called after the response is created and before it is sent. */
export async function drainBody(request: Request): Promise<void> {
  const { body, headers } = request
  const length = Number(headers.get('content-length') ?? Infinity)
  if (body !== null && !body.locked && length <= maxDrainedBytes) {
    // In one call, without a JavaScript callback per chunk, so that junk costs little.
    const drained = request.arrayBuffer().catch(() => {
      // The client has disconnected.
    })
    await within(maxDrainMs, drained)
  }
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([promise, late])
  if (timer !== undefined) {
    clearTimeout(timer)
  }
}
