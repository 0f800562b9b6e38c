// The script of a 402's page, as the browser gets it: a wallet of the browser signs or pays, the request is sent again with that, and its answer is shown.
const TRIES_MAX = 20
const WAIT_MS = 2000
const TEXT_SHOWN_MAX = 1_000_000
/** An offer that ends so soon is not signed any more. */
const SPARE_MS = 20_000
/** What may come to another end: the same payment is sent again, and never another one made meanwhile. */
const AGAIN = new Set([408, 425, 429, 502, 503, 504])
const main = document.querySelector('main')
const status = document.querySelector('#status')
const bought = document.querySelector('#bought')
const ways = document.querySelector('#pay')
const words = JSON.parse(main.dataset.words)
/**
 * The payment of this address, and whether it was answered: kept until another is made, so that a page that is loaded again asks for what was paid for, and
 * pays nothing.
 */
const KEPT = `switchyard ${location.pathname}${location.search}`

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name])
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const make = (name, properties) => Object.assign(document.createElement(name), properties)
const encoded = (value) => btoa(Array.from(new TextEncoder().encode(JSON.stringify(value)), (byte) => String.fromCharCode(byte)).join(''))

function say(sentence, ...more) {
  status.replaceChildren(sentence, ...more)
}

function addButton(text, work) {
  const button = make('button', { type: 'button', textContent: text })
  button.addEventListener('click', work)
  bought.replaceChildren(button)
}

/** The answer, or undefined while nobody can say what became of the payment. */
async function ask([name, value]) {
  const headers = { [name]: value, accept: 'text/html, application/json;q=0.9, */*;q=0.8' }
  const answer = await fetch(location.pathname + location.search, { headers, cache: 'no-store' }).catch(() => undefined)
  if (!answer || AGAIN.has(answer.status)) return undefined
  if (answer.status === 409 && answer.headers.has('retry-after')) return undefined
  const body = await answer.blob().catch(() => undefined)
  const problem = body && !answer.ok ? await problemIn(body) : undefined
  // After these a payment may stand.
  if (!body || (problem?.outcome === 'unknown' && answer.status !== 402)) return undefined
  return { answer, body, problem }
}

async function problemIn(body) {
  try {
    return JSON.parse(await body.text())
  } catch {
    // A seller may answer anything: it is shown as it is.
    return undefined
  }
}

/** Asks with this payment until there is an answer; it runs its work once, however often it is sent. */
async function redeem(payment) {
  const [, , wasAnswered] = payment
  ways.hidden = true
  bought.replaceChildren()
  say(words.sent)
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const got = await ask(payment)
    // What it bought was shown, and its time is over: the address can be bought again.
    if (got?.answer.status === 402 && wasAnswered) {
      sessionStorage.removeItem(KEPT)
      return location.reload()
    }
    if (got) return show(got, payment)
    say(words.unknown)
    await sleep(WAIT_MS)
  }
  addButton(words.askAgain, () => redeem(payment))
}

function show({ answer, body, problem }, [name, value]) {
  const why = problem?.detail ?? problem?.title ?? `HTTP ${answer.status}`
  if (answer.status === 402) {
    say(fill(words.notPaid, { why }))
    ways.hidden = false
    return
  }
  sessionStorage.setItem(KEPT, JSON.stringify([name, value, true]))
  const [receipt, at, refund] = ['switchyard-receipt', 'switchyard-status', 'switchyard-refund'].map((field) => answer.headers.get(field))
  const links = receipt && at ? [' ', make('a', { href: new URL(`/receipts/${receipt}`, at).href, textContent: words.receipt })] : []
  if (refund) links.push(' ', make('a', { href: refund, textContent: words.stateRefundDue }))
  say(answer.ok ? words.paid : fill(words.errorAnswer, { why }), ...links)
  status.className = answer.ok ? 'paid' : 'late'
  showBody(body)
}

async function showBody(body) {
  const type = body.type.split(';')[0].trim().toLowerCase()
  const href = URL.createObjectURL(body)
  const save = make('a', { href, download: location.pathname.split('/').pop() || 'answer', textContent: words.save, className: 'button' })
  const [kind] = type.split('/')
  if (type === 'text/html') {
    // A frame of its own without any right: it runs no script and knows nothing of this page.
    const frame = make('iframe', { srcdoc: await body.text(), title: location.pathname })
    frame.setAttribute('sandbox', '')
    bought.replaceChildren(frame, save)
  } else if (kind === 'image') bought.replaceChildren(make('img', { src: href, alt: location.pathname }), save)
  else if (kind === 'audio' || kind === 'video') bought.replaceChildren(make(kind, { src: href, controls: true }), save)
  else if (kind === 'text' || /^application\/(?:.+\+)?json$/.test(type)) {
    bought.replaceChildren(make('pre', { textContent: (await body.text()).slice(0, TEXT_SHOWN_MAX) }), save)
  } else bought.replaceChildren(save)
}

/** A button that does `pay` once at a time, and says why it did not work. */
function onClick(button, pay) {
  button.hidden = false
  button.addEventListener('click', async () => {
    if (Date.now() > main.dataset.expires - SPARE_MS) return location.reload()
    button.disabled = true
    try {
      const payment = await pay()
      // A wallet that has paid and gives no proof: nobody here can say more.
      if (!payment) return say(words.unknown)
      // Before it is sent: whatever happens to this page, it is not made twice.
      sessionStorage.setItem(KEPT, JSON.stringify(payment))
      await redeem(payment)
    } catch (error) {
      say(fill(words.notPaid, { why: error?.message ?? words.walletSilent }))
    } finally {
      button.disabled = false
    }
  })
}

/** EIP-1193 and x402: a wallet signs EIP-3009's authorization, and the gateway pays the gas. */
async function sign(provider, { accepted: entry, resource }) {
  const accepted = JSON.parse(entry)
  const chainId = Number(accepted.network.split(':')[1])
  const request = (method, params) => provider.request({ method, params })
  const [from] = await request('eth_requestAccounts', [])
  await request('wallet_switchEthereumChain', [{ chainId: `0x${chainId.toString(16)}` }])
  const random = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const validBefore = `${Math.floor(Date.now() / 1000) + accepted.maxTimeoutSeconds}`
  const authorization = { from, to: accepted.payTo, value: accepted.amount, validAfter: '0', validBefore, nonce: `0x${random}` }
  const fields = (of) => Object.entries(of).map(([name, type]) => ({ name, type }))
  const typed = {
    domain: { name: accepted.extra.name, version: accepted.extra.version, chainId, verifyingContract: accepted.asset },
    primaryType: 'TransferWithAuthorization',
    types: {
      EIP712Domain: fields({ name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address' }),
      TransferWithAuthorization: fields({
        from: 'address',
        to: 'address',
        value: 'uint256',
        validAfter: 'uint256',
        validBefore: 'uint256',
        nonce: 'bytes32',
      }),
    },
    message: authorization,
  }
  const signature = await request('eth_signTypedData_v4', [from, JSON.stringify(typed)])
  return ['payment-signature', encoded({ x402Version: 2, resource: JSON.parse(resource), accepted, payload: { signature, authorization } })]
}

/** A button for each wallet on each chain. */
const known = new Set()
function addWallet(id, name, provider) {
  if (known.has(id)) return
  known.add(id)
  for (const chain of document.querySelectorAll('.chain')) {
    const button = make('button', { type: 'button', textContent: fill(words.payWith, { wallet: name }) })
    chain.querySelector('.no-wallet').hidden = true
    chain.append(button)
    onClick(button, () => sign(provider, chain.dataset))
  }
}
/** EIP-6963: each wallet announces itself; a browser that has an older one has it as `ethereum`. */
addEventListener('eip6963:announceProvider', ({ detail: { info, provider } }) => addWallet(info.uuid, info.name, provider))
dispatchEvent(new Event('eip6963:requestProvider'))
setTimeout(() => {
  if (known.size === 0 && globalThis.ethereum) addWallet('', 'Ethereum', globalThis.ethereum)
}, 200)

/** WebLN (https://www.webln.guide): the browser's Lightning wallet pays the invoice and gives the preimage, which is the proof. */
const lightning = document.querySelector('.lightning')
if (lightning && globalThis.webln) {
  lightning.querySelector('.no-wallet').hidden = true
  onClick(lightning.querySelector('button'), async () => {
    await globalThis.webln.enable()
    const { preimage } = await globalThis.webln.sendPayment(lightning.dataset.invoice)
    return /^[0-9a-f]{64}$/i.test(preimage) ? ['authorization', `L402 ${lightning.dataset.token}:${preimage}`] : undefined
  })
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button.copy')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.text)
      button.textContent = words.copied
    })
  }
}

const kept = sessionStorage.getItem(KEPT)
if (kept) redeem(JSON.parse(kept))
