import { html, type Markup } from './markup.ts'
import { act, amount, facts, id, json, refusal, time } from './parts.ts'
import type { Approval } from './shapes.ts'
import type { Page, Problem, View } from './view.ts'

/** An act that was asked for: its form's path, its fields as they were sent, and which page shows what it is about. */
type Asked = Readonly<{ path: string; fields: Readonly<Record<string, string>>; back: string }>

const WORDS: Readonly<Record<string, string>> = { party: 'a person of the party', gateway: 'an operator' }

/** What came of an act that needs another person, who has not agreed yet: it is done by the same form once more. */
export function waitingPage(view: View, approval: Approval, { path, fields, back }: Asked): Page {
  const body = html`<p><strong>It was not done yet.</strong> Another person must agree: ${approval.why}.</p>
${facts([
  ['Waits as', id(approval.id)],
  ['Needs the word of', approval.needs.map((need) => WORDS[need] ?? need).join(' and ')],
  ['Amount', approval.amount && amount(view, approval.amount)],
  ['Until (UTC)', time(approval.expires_at)],
])}
<p>In the role <code>approver</code> or <code>admin</code>, with a key of its own: <code>switchyard approvals approve ${approval.id}</code>. Keep this page; once somebody has agreed, do it here.</p>
${act(view, path, 'Do it: somebody has agreed', [], { ...fields, approval: approval.id })}
${links(approval.id, back)}`
  return { title: 'Waits for another person', lead: 'Who must agree?', body }
}

/** Asked again before anybody has agreed. */
export function stillWaitingPage(view: View, problem: Problem, { path, fields, back }: Asked): Page {
  const { approval = '' } = fields
  const body = html`${refusal(problem)} ${act(view, path, 'Do it: somebody has agreed', [], fields)} ${links(approval, back)}`
  return { title: problem.title, lead: 'It was not done yet.', body }
}

/** Money of nobody is booked by the second word itself. */
export function bookedLaterPage(action: Readonly<{ id: string }>, back: string): Page {
  const body = html`<p><strong>It was not done yet.</strong> Another operator must agree, and it is done then: <code>switchyard approvals approve ${action.id}</code>.</p>
<p><a href="${back}">Back</a></p>`
  return { title: 'Waits for another person', lead: 'Who must agree?', body }
}

function links(approval: string, back: string): Markup {
  return html`<p>${json(`/v1/approvals/${encodeURIComponent(approval)}`)} <a href="${back}">Back</a></p>`
}
