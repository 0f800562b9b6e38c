import { html, type Markup } from './markup.ts'
import type { Page } from './view.ts'

/** Nothing is loaded from elsewhere, nothing runs but our own script, forms go nowhere else, and nobody may frame it. */
export const DASHBOARD_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** Every page of the left rail, the question that it answers, and whether only an operator's key reads what is on it. */
const PAGES: readonly Readonly<{ path: string; name: string; lead: string; operatorsOnly?: true }>[] = [
  { path: '/dashboard', name: 'Live', lead: 'What is happening?' },
  { path: '/dashboard/payments', name: 'Payments', lead: 'What became of each?' },
  { path: '/dashboard/decisions', name: 'Decisions', lead: 'Why that rail?' },
  { path: '/dashboard/savings', name: 'Savings', lead: 'What did routing save?' },
  { path: '/dashboard/splits', name: 'Splits', lead: 'Who is owed what?' },
  { path: '/dashboard/ledger', name: 'Ledger', lead: 'Does it balance?', operatorsOnly: true },
  { path: '/dashboard/payouts', name: 'Payouts', lead: 'What goes out?' },
  { path: '/dashboard/batches', name: 'Batches', lead: 'How far are many?' },
  { path: '/dashboard/orders', name: 'Standing orders', lead: 'What is paid out by itself?' },
  { path: '/dashboard/webhooks', name: 'Webhooks', lead: 'Who is told?' },
  { path: '/dashboard/agents', name: 'Agents', lead: 'What may programs spend?' },
  { path: '/dashboard/keys', name: 'Keys and people', lead: 'Who may do what?' },
  { path: '/dashboard/health', name: 'Health', lead: 'Are promises kept?', operatorsOnly: true },
]

type Network = 'local' | 'testnet' | 'mainnet'
type Around = Readonly<{ network: Network; path: string; who: string; operator: boolean; formToken: string }>

const MARKS: Readonly<Record<Network, string>> = {
  local: 'Local: no real money',
  testnet: 'Test network: no real money',
  mainnet: 'Live: real money',
}

/** A whole page. `around`: the frame of somebody who is logged in. */
export function documentOf({ title, lead, body }: Page, network: Network, around?: Around): string {
  return html`<!doctype html>
<html lang="en" data-network="${network}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Switchyard</title>
<link rel="stylesheet" href="/dashboard/assets/dashboard.css">
<script src="/dashboard/assets/dashboard.js" type="module"></script>
</head>
<body${around ? '' : html` class="alone"`}>
<a class="skip" href="#main">To the content</a>
<header><a class="brand" href="/dashboard">Switchyard</a> <span class="network ${network}">${MARKS[network]}</span>${around && whoOf(around)}</header>
${around && rail(around)}
<main id="main"><h1>${title}</h1><p class="lead">${lead}</p>
${body}
</main>
</body>
</html>
`.html
}

function whoOf({ who, formToken }: Around): Markup {
  return html`<form class="who" action="/dashboard/logout" method="post"><a href="/dashboard/passkeys">${who}</a><input type="hidden" name="token" value="${formToken}"> <button>Log out</button></form>`
}

function rail({ path, operator }: Around): Markup {
  const shown = PAGES.filter(({ operatorsOnly }) => operator || !operatorsOnly)
  return html`<nav class="rail" aria-label="Pages of the dashboard"><ul>${shown.map(
    (one) => html`<li><a href="${one.path}"${isAt(one.path, path) && html` aria-current="page"`}>${one.name}</a></li>`,
  )}</ul></nav>`
}

function isAt(path: string, at: string): boolean {
  return at === path || (path !== '/dashboard' && at.startsWith(`${path}/`))
}
