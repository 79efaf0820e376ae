/** Shows times in the browser's zone; UTC stays in the title. */
const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' })

/** Rewrites the `time` elements of a part of the page; one marked with `data-day` shows only its day. */
export function localizeTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll('time')) {
    const at = new Date(element.dateTime)
    if (!Number.isNaN(at.getTime())) {
      element.textContent = ('day' in element.dataset ? day : time).format(at)
    }
  }
}
