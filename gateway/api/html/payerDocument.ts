import { text } from './html.ts'
import type { Words } from './words/words.ts'

const SERVED_STYLE = '<link rel="stylesheet" href="/pay/page.css">'

/** `title` is plain text; `style`, `head` and `body` are HTML. Without `style` it is the one that is served. */
type Document = Readonly<{ words: Pick<Words, 'lang' | 'dir'>; title: string; style?: string; head?: string; body: string }>

/** A whole document as a payer is shown it: its language and direction, as wide as the screen, and found by no search. */
export function payerDocument({ words: { lang, dir }, title, style = SERVED_STYLE, head = '', body }: Document): string {
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${text(title)}</title>
${style}
${head}
</head>
<body>
${body}
</body>
</html>
`
}
