/** Shows times in the browser's zone; UTC stays in the title. */
const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Rewrites the `time` elements of a part of the page. */
export function localizeTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll('time')) {
    const at = new Date(element.dateTime)
    if (!Number.isNaN(at.getTime())) {
      element.textContent = format.format(at)
    }
  }
}
