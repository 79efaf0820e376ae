/** A button that copies the text beside it. */

/** How long the button shows that it has copied, in milliseconds. */
const sayMs = 2000

/** Shows the copy button of an element with a `code` and a `button`. */
export function addCopyButton(element: HTMLElement): void {
  const button = element.querySelector('button')
  const code = element.querySelector('code')
  if (button === null || code === null) {
    return
  }
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code.textContent)
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
    }, sayMs)
  })
}
