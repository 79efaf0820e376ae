/** Enters by a one-time link, whose code is in the fragment. */
export function fillCode(element: HTMLElement): void {
  const code = location.hash.slice(1)
  const input = element.querySelector('input')
  if (element instanceof HTMLFormElement && input !== null && code !== '') {
    input.value = code
    history.replaceState(null, '', location.pathname)
    element.submit()
  }
}
