import { text } from '../html/html.ts'
import type { Description, Placed } from './description.ts'

/** Nothing is loaded from elsewhere, nothing runs, and nobody may frame it. */
export const REFERENCE_HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'public, max-age=60',
} as const

export function documentOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<link rel="stylesheet" href="/reference/page.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

/** An operation in a list, with the way to its page. */
export function operationLink({ method, path, operation: { operationId, summary } }: Placed): string {
  return `<li><a href="/reference/${text(operationId)}">${text(summary)}</a> <span class="place"><span class="method ${method.toLowerCase()}">${method}</span> <code>${text(path)}</code></span></li>`
}

/** Every operation by its group; of a search those that have each of its words. */
export function listPage(description: Description, all: readonly Placed[], query: string): string {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found = all.filter((one) => words.every((word) => searched(one).includes(word)))
  const groups = description.tags.map(({ name, description: what }) => {
    const own = found.filter(({ operation }) => operation.tags[0] === name)
    if (own.length === 0) return ''
    return `<section><h2 id="${text(name.replaceAll(' ', '-'))}">${text(name)}</h2><p>${text(what)}</p><ul class="operations">${own.map(operationLink).join('')}</ul></section>`
  })
  const body = `<h1>API reference</h1>
<p>Of this gateway, as <a href="/openapi.json">/openapi.json</a> describes it (OpenAPI 3.1). What each refusal means: <a href="/errors">/errors</a>.</p>
<form action="/reference" role="search"><label for="q">Search</label> <input id="q" name="q" type="search" value="${text(query)}" maxlength="100"> <button>Find</button></form>
<p role="status">${words.length === 0 ? `${all.length} operations` : `${found.length} of ${all.length} operations have “${text(query)}”; <a href="/reference">show all</a>`}</p>
${groups.join('\n')}`
  return documentOf('API reference', body)
}

function searched({ method, path, operation: { operationId, summary, tags } }: Placed): string {
  return `${method} ${path} ${operationId} ${summary} ${tags.join(' ')}`.toLowerCase()
}
