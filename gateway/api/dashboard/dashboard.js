// Live rows, and a word while something long runs. Every page is whole without this.
const ROWS_MAX = 100
const list = document.querySelector('#events')
const told = document.querySelector('#streaming')

/** What an event says of money. */
function amountOf({ paid, amount, price }) {
  const money = paid ?? amount ?? price
  return money ? `${money.amount} ${nameOf(money.asset)}` : ''
}

function nameOf(asset) {
  return asset.length > 12 ? `${asset.slice(0, 6)}…${asset.slice(-4)}` : asset
}

function part(name, text, className) {
  const element = document.createElement(name)
  element.textContent = text
  if (className) element.className = className
  return element
}

function row({ id, type, created_at: at, subject, data }) {
  const line = document.createElement('li')
  line.dataset.event = id
  const link = part('a', subject.length > 24 ? `${subject.slice(0, 11)}…${subject.slice(-6)}` : subject)
  link.href = `/dashboard/payments/${encodeURIComponent(subject)}`
  const time = part('time', at.slice(11, 19))
  time.dateTime = at
  line.append(
    time,
    ' ',
    part('strong', type),
    ' ',
    link,
    ' ',
    part('span', amountOf(data), 'amount'),
    ' ',
    part('span', data.rail ?? '', 'quiet'),
  )
  return line
}

if (list && told && 'EventSource' in globalThis) {
  const source = new EventSource(list.dataset.stream)
  const hear = ({ data }) => {
    if (!data) return
    const event = JSON.parse(data)
    if ([...list.children].some((line) => line.dataset.event === event.id)) return
    list.prepend(row(event))
    while (list.children.length > ROWS_MAX) list.lastElementChild.remove()
  }
  source.onopen = () => (told.textContent = 'Live: what happens appears here.')
  source.onerror = () =>
    (told.textContent = source.readyState === EventSource.CLOSED ? 'Not live any more: load the page again.' : 'Connecting again.')
  for (const type of JSON.parse(list.dataset.types)) source.addEventListener(type, hear)
}

// On a phone the list of pages is one line, and the page that is shown may be at its end.
const rail = document.querySelector('.rail')
const here = rail?.querySelector('[aria-current]')
if (here) rail.scrollLeft = here.offsetLeft - rail.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2

for (const form of document.querySelectorAll('[data-verify]'))
  form.addEventListener('submit', () => {
    form.querySelector('[role=status]').textContent = 'Reading every block and asking every rail…'
  })

/** What a button asks of the person's device, and where that leads. `status` says what went wrong. */
async function withDevice(status, work) {
  status.textContent = 'Waiting for your device…'
  try {
    location.assign(await work())
  } catch (error) {
    status.textContent = `It was not done: ${error.message}`
  }
}

async function send(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(said.trouble ?? 'the gateway has refused it; load the page again')
  return said
}

const logIn = document.querySelector('[data-passkey-login]')
if (logIn && globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  logIn.parentElement.hidden = false
  logIn.addEventListener('click', () =>
    withDevice(logIn.nextElementSibling, async () => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await send('/dashboard/login/passkey/options', {}))
      const response = (await navigator.credentials.get({ publicKey })).toJSON()
      const { value: code } = document.querySelector('input[name=code]')
      return (await send('/dashboard/login/passkey', { response, code })).to
    }),
  )
}

const adding = document.querySelector('[data-passkey-add]')
adding?.addEventListener('submit', (event) => {
  event.preventDefault()
  const { token, name } = Object.fromEntries(new FormData(adding))
  withDevice(adding.querySelector('[role=status]'), async () => {
    const options = await send('/dashboard/passkeys/options', { token, who: adding.dataset.who })
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    const response = (await navigator.credentials.create({ publicKey })).toJSON()
    return (await send('/dashboard/passkeys', { token, name, response })).to
  })
})
