/** Shows one of several sections at a time, as tabs that the arrow keys move between. */
const memory = 'console-client'

/** Turns the sections `[data-tab]` of an element into tabs. */
export function makeTabs(element: HTMLElement): void {
  const panels = [...element.querySelectorAll<HTMLElement>('[data-tab]')]
  const list = document.createElement('div')
  list.className = 'tabs'
  list.setAttribute('role', 'tablist')
  list.setAttribute('aria-label', 'Client')
  const tabs = panels.map((panel) => {
    const tab = document.createElement('button')
    tab.type = 'button'
    tab.textContent = panel.dataset['tab'] ?? ''
    tab.setAttribute('role', 'tab')
    tab.setAttribute('aria-controls', panel.id)
    tab.id = `tab-${panel.id}`
    panel.setAttribute('role', 'tabpanel')
    panel.setAttribute('aria-labelledby', tab.id)
    return tab
  })
  const select = (index: number): void => {
    tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === index))
      tab.tabIndex = at === index ? 0 : -1
    })
    panels.forEach((panel, at) => {
      panel.hidden = at !== index
    })
    sessionStorage.setItem(memory, panels[index]?.id ?? '')
  }
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => select(index))
    tab.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
      const next = (index + step + tabs.length) % tabs.length
      if (step !== 0) {
        select(next)
        tabs[next]?.focus()
      }
    })
  })
  list.append(...tabs)
  element.prepend(list)
  const last = panels.findIndex(({ id }) => id === sessionStorage.getItem(memory))
  select(Math.max(0, last))
}
