import { text } from '../html/html.ts'
import { curlOf } from './curlOf.ts'
import { type Answer, type Content, type Description, type Header, type Parameter, type Placed, resolved } from './description.ts'
import { fieldRows, typeWords } from './fieldRows.ts'
import { documentOf, operationLink } from './page.ts'

type Shown = Readonly<{ description: Description; origin: string; others: readonly Placed[] }>

/** What one operation takes, answers and refuses. */
export function operationPage(placed: Placed, { description, origin, others }: Shown): string {
  const { method, path, operation } = placed
  const { operationId, summary, tags, security, parameters = [], requestBody, responses } = operation
  const all = Object.entries(responses).map(([status, answer]) => [status, resolved<Answer>(description, answer)] as const)
  const good = all.filter(([status]) => status < '400')
  const key = security?.length === 0 ? 'It needs no key.' : 'It needs an API key: <code>Authorization: Bearer sk_...</code>'
  const body = `<nav aria-label="Place"><a href="/reference">Reference</a> / ${text(tags[0] ?? '')}</nav>
<h1>${text(summary)}</h1>
<p class="place"><span class="method ${method.toLowerCase()}">${method}</span> <code>${text(path)}</code></p>
<p>In clients: <code>${text(operationId)}</code>. ${key}</p>
${parameters.length > 0 ? `<h2>Parameters</h2><ul class="fields">${parameters.map((one) => parameterRow(resolved<Parameter>(description, one))).join('')}</ul>` : ''}
${requestBody ? `<h2>Body</h2>${contentOf(requestBody.content, description, 'sent')}` : ''}
<h2>Example</h2>
${code(curlOf(placed, { description, origin }), 'Call')}
<h2>Answers</h2>
${good.map(([status, answer]) => answerOf(status, answer, description)).join('')}
<h2>Refusals</h2>
<p>Each is a problem (RFC 9457) with a <code>code</code> that stays; <a href="/errors">all codes</a> say what to do. <code>outcome</code> is
<code>unknown</code> where the same request should be sent again.</p>
<dl class="refusals">${all
    .filter(([status]) => status >= '400')
    .map(([status, { description: words = '' }]) => `<dt>${status}</dt><dd>${text(words)}</dd>`)
    .join('')}</dl>
<h2>Beside it</h2>
<ul class="operations">${others.map(operationLink).join('')}</ul>`
  return documentOf(`${summary} - ${method} ${path}`, body)
}

function parameterRow({ name, in: where, required, description = '', schema = {} }: Parameter): string {
  const isNeeded = required ? '' : ' <i>may be absent</i>'
  return `<li><code>${text(name)}</code> <span class="type">${text(where)}, ${typeWords(schema)}</span>${isNeeded} <span class="words">${text(description)}</span></li>`
}

function answerOf(status: string, answer: Answer, description: Description): string {
  const headers = Object.entries(answer.headers ?? {}).map(([name, header]) => {
    const words = resolved<Header>(description, header).description ?? ''
    return `<li><code>${text(name)}</code> <span class="words">${text(words)}</span></li>`
  })
  return `<section><h3>${status}</h3><p>${text(answer.description ?? '')}</p>
${answer.content ? contentOf(answer.content, description, status) : '<p>Without a body.</p>'}
${headers.length > 0 ? `<details><summary>Headers</summary><ul class="fields">${headers.join('')}</ul></details>` : ''}</section>`
}

/** The fields of a body, and an example of it. */
function contentOf(content: Content, description: Description, of: string): string {
  const [[type, { schema = {}, example }] = ['', {}]] = Object.entries(content)
  const types = Object.keys(content).map((one) => `<code>${text(one)}</code>`)
  const words = resolved(description, schema as { $ref: string } & typeof schema).description
  const rows = fieldRows(schema, description)
  return `<p>${types.join(' or ')}${words ? `: ${text(words)}` : ''}</p>${rows}
${type === 'application/json' && example !== undefined ? code(JSON.stringify(example, null, 2), `Example ${of}`) : ''}`
}

/** What scrolls must be reached by the keyboard too. */
function code(value: string, label: string): string {
  return `<pre tabindex="0" role="region" aria-label="${text(label)}"><code>${text(value)}</code></pre>`
}
