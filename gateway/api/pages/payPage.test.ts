import { describe, expect, test } from 'vitest'
import { PAGE_INTENTS, PAGE_INVOICE, pageIntent } from '../../../test/fixtures/pageIntents.ts'
import { chooseWords, LANGUAGES } from '../html/words/chooseWords.ts'
import { en } from '../html/words/en.ts'
import { pageState, type Seen } from './pageState.ts'
import { headersOf, payPage } from './payPage.ts'

const NOW = pageIntent().createdAt + 1_000
const STATES = Object.keys(PAGE_INTENTS)

function shown(name: string, o: { words?: (typeof LANGUAGES)[number]; intent?: ReturnType<typeof pageIntent> } = {}): string {
  const seen = name === 'detected' || name === 'unknown' ? (name as Seen) : undefined
  const intent = o.intent ?? PAGE_INTENTS[name]!
  return payPage(intent, {
    now: NOW,
    state: pageState(intent, { now: NOW, seen }),
    words: o.words ?? en,
    nonceOf: () => `0x${'5c'.repeat(32)}`,
  })
}
const plain = (html: string) => html.replace(/<(script|svg|head)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '')

describe('the page of a payment', () => {
  test.each(STATES)('in the state %s says so, and asks for money only where none can be on its way', (name) => {
    const html = shown(name)
    expect(html).toContain(`data-state="${name}"`)
    const payable = name === 'waiting' || name === 'partial'
    expect([html.includes(PAGE_INVOICE), html.includes('<svg'), html.includes('DE93')]).toEqual([payable, payable, payable])
    expect(html.includes('href="https://heron.example/thanks"')).toBe(!payable)
    expect(html.includes('/receipts/rc_')).toBe(name === 'paid' || name === 'over')
    expect(plain(html)).toContain(name === 'waiting' ? 'Scan, copy or open a wallet.' : en[name as 'paid'].split('{')[0])
  })

  test('money that came besides is named with its amount, and whom to ask', () => {
    expect(plain(shown('partial'))).toContain('1.20 EUR arrived, which is less than the price. It is kept for you.')
    expect(plain(shown('late'))).toContain('3.90 EUR arrived after the time was over.')
    expect(plain(shown('over'))).toContain(
      'Paid, and 0.80 EUR too much arrived. It is kept for you. Receipt To have it back, ask Blue Heron Press',
    )
  })

  test('the time counts also before anybody has written that it is over', () => {
    const intent = pageIntent()
    expect(pageState(intent, { now: intent.expiresAt, seen: undefined }).kind).toBe('waiting')
    expect(pageState(intent, { now: intent.expiresAt + 1, seen: undefined }).kind).toBe('expired')
  })

  test('ways are in their order, the cheapest open, and each dearer one says by how much', () => {
    const labels = [...shown('waiting').matchAll(/<label for="way-(\d)">(.*?)<\/label>/g)].map(([, n, html]) => [n, plain(html!)])
    expect(labels).toEqual([
      ['0', 'Lightning cheapest'],
      ['1', 'USDC, Base'],
      ['2', 'Bank transfer +0.01 USD'],
    ])
    expect(shown('waiting').match(/ checked>/g)).toHaveLength(1)
  })

  test('a way whose time is over is not shown', () => {
    const { offers, createdAt } = pageIntent()
    const html = shown('waiting', {
      intent: pageIntent({ offers: offers.map((one) => (one.rail === 'lightning' ? { ...one, expiresAt: createdAt } : one)) }),
    })
    expect([html.includes(PAGE_INVOICE), html.includes('DE93')]).toEqual([false, true])
  })

  test('an amount is copied as the plain number that a wallet’s field takes', () => {
    const copied = [...shown('waiting').matchAll(/<p class="amount">.*?data-text="([^"]*)"/g)].map(([, value]) => value)
    expect(copied).toEqual(['6318', '4.2', '3.9'])
  })

  test('what the seller wrote is text and nothing else, whatever it is', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='x'>{amount}`
    const about = { seller: evil, description: evil, orderId: evil, returnUrl: 'https://x.example/?a="><script>' }
    for (const name of STATES) {
      const html = shown(name, { intent: { ...PAGE_INTENTS[name]!, about } })
      expect(html.match(/<script(?! src="\/pay\/page\.js")|<img|onerror='/g)).toBeNull()
    }
  })

  test('it shows what the seller tells the payer, and nothing that is the seller’s own', () => {
    const html = shown('waiting')
    for (const told of ['Blue Heron Press', 'Essay: On Tolls', 'A-1017', '4.20 USD']) expect(html).toContain(told)
    for (const own of ['the seller’s own', 'pa_']) expect(html).not.toContain(own)
  })

  test('without a seller and a place to return to, it says less, and nothing empty', () => {
    for (const name of STATES) {
      const html = shown(name, { intent: { ...PAGE_INTENTS[name]!, about: {} } })
      expect(html).not.toMatch(/class="seller"|class="button" href="(?!bitcoin)|<bdi><\/bdi>/)
    }
  })
})

describe('in a frame', () => {
  const framers = (about: object) => /frame-ancestors (.*)$/.exec(headersOf(pageIntent({ about }))['content-security-policy']!)?.[1]
  const shops = ['https://heron.example', 'http://localhost:3000']

  test('it is shown by the shops that its seller named and by nobody else', () => {
    expect(framers({})).toBe("'none'")
    expect(framers({ embedOrigins: shops })).toBe(shops.join(' '))
  })

  test.each(STATES)('in the state %s it has what tells the shop, and only then', (name) => {
    expect(shown(name)).not.toMatch(/frame\.js|data-shops|class="button window"/)
    const intent = { ...PAGE_INTENTS[name]!, about: { ...pageIntent().about, embedOrigins: shops } }
    const html = shown(name, { intent })
    expect(html).toContain('<script src="/pay/frame.js" type="module"></script>')
    expect(html).toContain('data-shops="[&quot;https://heron.example&quot;,&quot;http://localhost:3000&quot;]"')
    expect(html.includes('class="button window"')).toBe(name === 'waiting' || name === 'partial')
    expect(html.includes('data-receipt="rc_')).toBe(name === 'paid' || name === 'over')
  })
})

describe('its languages', () => {
  const braces = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted()

  test.each(LANGUAGES.map((words) => [words.lang, words] as const))(
    '%s says all that English says, with the same things filled in',
    (_, words) => {
      const names = Object.keys(en) as (keyof typeof en)[]
      expect(Object.keys(words)).toEqual(names)
      for (const name of names) {
        expect(words[name], name).not.toBe('')
        expect(braces(words[name]), name).toEqual(braces(en[name]))
      }
      const html = shown('waiting', { words })
      expect(html).toContain(`<html lang="${words.lang}" dir="${words.dir}">`)
      expect(plain(html)).not.toMatch(/\{\w+\}/)
    },
  )

  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de-CH', 'de'],
    ['nl, fr;q=0.8, de;q=0.9', 'de'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['*', 'en'],
    ['zh-Hant-TW,zh;q=0.9', 'zh'],
    ['AR', 'ar'],
    ['pt;q=abc, es;q=0.5', 'pt'],
    [`${'xx,'.repeat(50)}de`, 'en'],
    ['de;'.repeat(10_000), 'de'],
  ])('%s asks for %s', (header, lang) => {
    expect(chooseWords(header).lang).toBe(lang)
  })
})
