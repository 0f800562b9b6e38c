// The script of a receipt's page: checks the signature (Ed25519) over the receipt in canonical JSON (RFC 8785), prints, copies.
const main = document.querySelector('main')
const words = JSON.parse(main.dataset.words)
const signature = document.querySelector('#signature')

/** Sorted keys, no blanks: the bytes that were signed. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
  return `{${members.join(',')}}`
}

const bytesOf = (base64) => Uint8Array.from(atob(base64.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

/** True and false are an answer; what throws is none. */
async function holds() {
  const [signed, pem] = await Promise.all([
    fetch(`/v1/receipts/${main.dataset.receipt}`).then((answer) => answer.json()),
    fetch('/.well-known/switchyard/receipt-key.pem').then((answer) => answer.text()),
  ])
  const key = await crypto.subtle.importKey('spki', bytesOf(pem.replace(/-----[^-]+-----|\s/g, '')), 'Ed25519', false, ['verify'])
  const bytes = new TextEncoder().encode(canonical(signed.receipt))
  return (await crypto.subtle.verify('Ed25519', key, bytesOf(signed.signature), bytes)) && signed.receipt.id === main.dataset.receipt
}

holds().then(
  (good) => {
    signature.textContent = good ? words.holds : words.broken
    signature.className = good ? 'paid' : 'late'
  },
  () => {
    signature.textContent = words.cannotCheck
  },
)

const print = document.querySelector('.print')
print.hidden = false
print.addEventListener('click', () => globalThis.print())
for (const button of navigator.clipboard ? document.querySelectorAll('button.copy') : []) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.text)
    button.textContent = words.copied
  })
}
