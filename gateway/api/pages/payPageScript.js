// The page's script, as the browser gets it: wallets that the browser has, what is copied, the time that is left, and when another state has come.
const POLL_MS = 3000
const [ONE, FIVE] = [60_000, 300_000]
const main = document.querySelector('main')
const status = document.querySelector('#status')
const { intent, state, created, expires } = main.dataset
const words = JSON.parse(main.dataset.words)

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name])

/** In a frame of a shop no button pays: what lies over it could make a person press it, and a wallet with a budget asks nobody. A window of ours has them. */
const isFramed = main.dataset.shops !== undefined && top !== self
if (isFramed) for (const link of document.querySelectorAll('a.window')) link.hidden = false

/** A button that does `work` once at a time, and says why it did not work. */
function onClick(button, work) {
  button.hidden = false
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await work()
      status.textContent = words.sent
    } catch (error) {
      status.textContent = fill(words.notPaid, { why: error?.message ?? words.walletSilent })
    } finally {
      button.disabled = false
    }
  })
}

/** WebLN (https://www.webln.guide): the browser's Lightning wallet pays the invoice. */
const lightning = document.querySelector('button.lightning')
if (lightning && globalThis.webln && !isFramed) {
  onClick(lightning, async () => {
    await globalThis.webln.enable()
    await globalThis.webln.sendPayment(lightning.dataset.invoice)
  })
}

/** EIP-1193: a wallet signs EIP-3009's authorization, and the gateway pays the gas. */
async function pay(provider, { typed: text, rail }) {
  const typed = JSON.parse(text)
  const ask = (method, params) => provider.request({ method, params })
  const [from] = await ask('eth_requestAccounts', [])
  await ask('wallet_switchEthereumChain', [{ chainId: `0x${typed.domain.chainId.toString(16)}` }])
  typed.message.from = from
  const signature = await ask('eth_signTypedData_v4', [from, JSON.stringify(typed)])
  const { value, validAfter, validBefore } = typed.message
  const authorization = { from, value, valid_after: validAfter, valid_before: validBefore, signature }
  const response = await fetch(`/pay/${intent}/authorization`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rail, authorization }),
  })
  if (!response.ok) throw new Error((await response.json()).detail)
}

/** A button for each wallet on each chain. */
const known = new Set()
function addWallet(id, name, provider) {
  if (known.has(id)) return
  known.add(id)
  for (const chain of document.querySelectorAll('.chain')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = fill(words.payWith, { wallet: name })
    chain.querySelector('.no-wallet').hidden = true
    chain.append(button)
    onClick(button, () => pay(provider, chain.dataset))
  }
}
/** EIP-6963: each wallet announces itself; a browser that has an older one has it as `ethereum`. */
if (isFramed) {
  for (const told of document.querySelectorAll('.no-wallet')) told.hidden = true
} else {
  addEventListener('eip6963:announceProvider', ({ detail: { info, provider } }) => addWallet(info.uuid, info.name, provider))
  dispatchEvent(new Event('eip6963:requestProvider'))
  setTimeout(() => {
    if (known.size === 0 && globalThis.ethereum) addWallet('', 'Ethereum', globalThis.ethereum)
  }, 200)
}

/** Only pages that came over TLS or from this machine may write to the clipboard. */
function onCopy(element, value, shown) {
  element.addEventListener('click', async (event) => {
    event.preventDefault()
    await navigator.clipboard.writeText(value)
    const before = shown.textContent
    shown.textContent = words.copied
    setTimeout(() => {
      shown.textContent = before
    }, 2000)
  })
}
if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button.copy')) {
    button.hidden = false
    onCopy(button, button.dataset.text, button)
  }
  for (const code of document.querySelectorAll('a.qr')) onCopy(code, code.dataset.copy, status)
}

/** The time that is left is shown in the last quarter, and said twice and at its end. */
const left = document.querySelector('#left')
const announce = document.querySelector('#announce')
let said = Number.POSITIVE_INFINITY
function showTimeLeft() {
  const ms = Math.max(0, expires - Date.now())
  const seconds = Math.ceil(ms / 1000)
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  left.hidden = ms > (expires - created) / 4
  left.textContent = ms > 0 ? fill(words.timeLeft, { time }) : words.timeOver
  const mark = [0, ONE, FIVE].find((at) => ms <= at)
  if (mark !== undefined && mark < said) {
    announce.textContent = mark === 0 ? words.timeOver : mark === ONE ? words.minuteLeft : fill(words.minutesLeft, { n: 5 })
    said = mark
  }
  if (ms > 0) setTimeout(showTimeLeft, 1000)
}
if (left) showTimeLeft()

/** Another state is another page. */
function hear(told) {
  if (told.state !== state) location.reload()
}

async function poll() {
  try {
    hear(await (await fetch(`/pay/${intent}/status`)).json())
  } catch {
    // The gateway or the line is down; what was paid is not lost, and the next answer says so.
  }
  setTimeout(poll, POLL_MS)
}

/** It is told at once where the gateway has room for that, and asks otherwise. */
if (globalThis.EventSource) {
  const events = new EventSource(`/pay/${intent}/events`)
  events.addEventListener('message', ({ data }) => hear(JSON.parse(data)))
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) poll()
  })
} else poll()
