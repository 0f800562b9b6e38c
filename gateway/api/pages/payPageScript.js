// The page's script, as the browser gets it. It shows wallets that the browser has, and what became of the payment.
const POLL_MS = 1500
const main = document.querySelector('main')
const status = document.querySelector('#status')
const { intent, expires } = main.dataset

/** @param {string} line */
function say(line) {
  status.textContent = line
}

/** Runs what a button does, once at a time, and says why it did not work. */
function onClick(button, work) {
  button.hidden = false
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await work()
      say('Sent; waiting for it to arrive')
    } catch (error) {
      say(`Not paid: ${error?.message ?? 'the wallet did not say why'}`)
    } finally {
      button.disabled = false
    }
  })
}

/** WebLN (https://www.webln.guide): the browser's Lightning wallet pays the invoice. */
const lightning = document.querySelector('button.lightning')
if (lightning && globalThis.webln) {
  onClick(lightning, async () => {
    await globalThis.webln.enable()
    await globalThis.webln.sendPayment(lightning.dataset.invoice)
  })
}

/** EIP-1193: the browser's wallet signs EIP-3009's authorization, and the gateway pays the gas. */
for (const button of document.querySelectorAll('.chain button')) {
  if (!globalThis.ethereum) break
  button.parentElement.hidden = false
  document.querySelector('#without-wallet').hidden = true
  onClick(button, async () => {
    const typed = JSON.parse(button.dataset.typed)
    const ask = (method, params) => globalThis.ethereum.request({ method, params })
    const [from] = await ask('eth_requestAccounts', [])
    await ask('wallet_switchEthereumChain', [{ chainId: `0x${typed.domain.chainId.toString(16)}` }])
    typed.message.from = from
    const signature = await ask('eth_signTypedData_v4', [from, JSON.stringify(typed)])
    const { value, validAfter, validBefore } = typed.message
    const authorization = { from, value, valid_after: validAfter, valid_before: validBefore, signature }
    const response = await fetch(`/pay/${intent}/authorization`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rail: button.dataset.rail, authorization }),
    })
    if (!response.ok) throw new Error((await response.json()).detail)
  })
}

// Only pages that came over TLS or from this machine may write to the clipboard.
for (const button of navigator.clipboard ? document.querySelectorAll('button.copy') : []) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.text)
    button.textContent = 'Copied'
  })
}

/** Minutes and seconds that are left to pay. */
function showTimeLeft() {
  const seconds = Math.max(0, Math.ceil((Number(expires) - Date.now()) / 1000))
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  document.querySelector('#left').textContent = seconds > 0 ? `${text} left` : 'The time to pay is over'
  if (seconds > 0) setTimeout(showTimeLeft, 1000)
}
showTimeLeft()

async function poll() {
  try {
    const answer = await (await fetch(`/pay/${intent}/status`)).json()
    if (answer.status !== 'open') return location.reload()
  } catch {
    // The gateway or the line is down; what was paid is not lost, and the next answer says so.
  }
  setTimeout(poll, POLL_MS)
}
setTimeout(poll, POLL_MS)
