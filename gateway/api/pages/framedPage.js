// In the frame of a shop that the intent names: its colours, and how tall the page is and what became of the payment, told to that shop alone.
const { intent, state, receipt, shops } = document.querySelector('main').dataset
const named = JSON.parse(shops)
let shop

function tell() {
  if (!shop) return
  const { height } = document.documentElement.getBoundingClientRect()
  parent.postMessage({ switchyard: 'checkout', intent, state, receipt: receipt ?? null, title: document.title, height }, shop)
}

if (top !== self) {
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || !named.includes(origin) || data?.switchyard !== 'hello') return
    shop = origin
    if (['light', 'dark'].includes(data.theme)) document.documentElement.style.colorScheme = data.theme
    tell()
  })
  new ResizeObserver(tell).observe(document.documentElement)
}
