// <switchyard-checkout intent="pi_..." gateway="https://..." theme="light">: the page of a payment in a frame of a shop's own page, as docs/checkout.md tells.
// The page allows only the shops that its intent names. What happens is told as events of this element, for eyes alone: a shop delivers by the webhook.
const TALLEST_PX = 4000
const STATES = ['waiting', 'detected', 'unknown', 'partial', 'paid', 'over', 'late', 'expired', 'canceled']
// A copied code, a tab for a wallet or a receipt, the way back to the shop, and an app that opens `bitcoin:`; nothing else of the shop's.
const SANDBOX =
  'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation allow-top-navigation-to-custom-protocols'
// Constructed, because a shop whose policy forbids styles inline should not have to allow them.
const look = new CSSStyleSheet()
look.replaceSync(
  ':host{display:block}:host([hidden]){display:none}:host([theme=light]){color-scheme:light}:host([theme=dark]){color-scheme:dark}' +
    'iframe{display:block;width:100%;height:0;border:0;outline-color:light-dark(#fff,#000)}:host(:state(shown)) slot{display:none}',
)

class SwitchyardCheckout extends HTMLElement {
  static observedAttributes = ['intent', 'gateway', 'theme']
  #shadow = this.attachShadow({ mode: 'open' })
  #internals = this.attachInternals()
  #frame
  #page
  #state

  connectedCallback() {
    this.#shadow.adoptedStyleSheets = [look]
    addEventListener('message', this.#hear)
    this.#open()
  }

  disconnectedCallback() {
    removeEventListener('message', this.#hear)
  }

  attributeChangedCallback(name) {
    if (!this.isConnected) return
    if (name !== 'theme') this.#open()
    else if (this.#internals.states.has('shown')) this.#greet()
  }

  /** The frame of the page, and until it answers what stands in the element: a link. Without one of the shop's, a plain one. */
  #open() {
    const intent = this.getAttribute('intent')
    const page = intent ? new URL(`/pay/${encodeURIComponent(intent)}`, this.getAttribute('gateway') ?? import.meta.url) : undefined
    if (page?.href === this.#page?.href) return
    this.#page = page
    this.#state = undefined
    this.#internals.states.delete('shown')
    if (!page || !/^https?:$/.test(page.protocol)) return this.#shadow.replaceChildren(document.createElement('slot'))
    const frame = document.createElement('iframe')
    frame.title = 'Switchyard'
    frame.allow = 'clipboard-write'
    frame.setAttribute('sandbox', SANDBOX)
    frame.src = page.href
    // Each state is a page of its own, so each is greeted.
    frame.addEventListener('load', () => this.#greet())
    const link = document.createElement('a')
    link.href = link.textContent = page.href
    const slot = document.createElement('slot')
    slot.append(link)
    this.#frame = frame
    this.#shadow.replaceChildren(frame, slot)
  }

  /** Says that somebody listens, and which colours stand around the frame: the shop's, whatever its payer prefers. */
  #greet() {
    const theme = getComputedStyle(this.#frame).outlineColor === 'rgb(0, 0, 0)' ? 'dark' : 'light'
    this.#frame.contentWindow?.postMessage({ switchyard: 'hello', theme }, this.#page.origin)
  }

  #hear = ({ source, origin, data }) => {
    const page = this.#page
    if (!page || origin !== page.origin || source !== this.#frame?.contentWindow || data?.switchyard !== 'checkout') return
    const { intent, state, receipt, title, height } = data
    if (intent !== this.getAttribute('intent') || !STATES.includes(state)) return
    if (height > 0) this.#frame.style.height = `${Math.min(Math.ceil(height), TALLEST_PX)}px`
    this.#frame.title = `${title}`
    this.#internals.states.add('shown')
    if (state === this.#state) return
    this.#state = state
    this.dispatchEvent(new CustomEvent(state === 'over' ? 'paid' : state, { detail: { intent, state, receipt } }))
  }
}

if (!customElements.get('switchyard-checkout')) customElements.define('switchyard-checkout', SwitchyardCheckout)
