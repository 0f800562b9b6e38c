import { expect, test } from 'vitest'
import { html } from './markup.ts'

test('values are text, markup of ours stays, and what is not there is not written', () => {
  const inner = html`<b>${'<i>&"\''}</b>`
  expect(html`<p title="${'"'}">${[inner, 1, 2n, ' <x>']}${null}${undefined}${false}</p>`.html).toBe(
    '<p title="&quot;"><b>&lt;i&gt;&amp;&quot;&#39;</b>12 &lt;x&gt;</p>',
  )
})

test('what only looks like markup, as somebody’s JSON may, is text', () => {
  const sent = JSON.parse('{"html":"<script>alert(1)</script>"}') as { html: string }
  expect(html`${sent}`.html).not.toContain('<script>')
})
