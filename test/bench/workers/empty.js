/** What a Worker costs before it does anything. */
export default {
  fetch() {
    return new Response('ok')
  },
}
