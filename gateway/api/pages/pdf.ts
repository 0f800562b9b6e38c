/** A4 in points, and what is left around the text. */
const [WIDE, TALL, EDGE] = [595, 842, 56]
const LINES_BETWEEN = 1.35
/** Courier is as wide everywhere: 600 thousandths of its size. */
const COURIER_WIDTH = 0.6
const PAGES_MAX = 50

/** A line of a document: a heading, a label, or a value in letters of one width, so that it is known where it has to be broken. */
export type PdfLine = Readonly<{ text: string; as: 'title' | 'label' | 'value' }>

const FONTS = { title: ['F1', 18], label: ['F1', 10], value: ['F2', 10] } as const
/** What Windows-1252 has where Latin-1 has control characters (PDF 2.0, annex D). */
const WINDOWS =
  '\u20AC\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u017D\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u017E\u0178'
const WINDOWS_AT = '80 82 83 84 85 86 87 88 89 8A 8B 8C 8E 91 92 93 94 95 96 97 98 99 9A 9B 9C 9E 9F'
  .split(' ')
  .map((hex) => Number.parseInt(hex, 16)) // not money: places in a table

/**
 * A PDF (ISO 32000) of text in the fonts that every reader has. Those know the letters of Western Europe: another letter is drawn as a dot, and stands as
 * itself in what is read out, searched and copied (`ActualText`). Pages are uncompressed.
 */
export function writePdf({ title, lines }: Readonly<{ title: string; lines: readonly PdfLine[] }>): Buffer {
  const pages = pagesOf(lines)
  const kids = pages.map((_, i) => `${6 + 2 * i} 0 R`)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`,
    fontOf('Helvetica-Bold'),
    fontOf('Courier'),
    `<< /Title ${wide(title)} /Producer (Switchyard) >>`,
    ...pages.flatMap((stream, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDE} ${TALL}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${7 + 2 * i} 0 R >>`,
      `<< /Length ${Buffer.byteLength(stream, 'latin1')} >>\nstream\n${stream}\nendstream`,
    ]),
  ]
  return joined(objects)
}

/** Objects with the table of where each begins. */
function joined(objects: readonly string[]): Buffer {
  let text = '%PDF-1.7\n%\xE2\xE3\xCF\xD3\n'
  const places = objects.map((object, i) => {
    const at = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const trailer = `trailer\n<< /Size ${count} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(`${text}xref\n0 ${count}\n0000000000 65535 f \n${table}${trailer}`, 'latin1')
}

const fontOf = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`

/** What is drawn on each page. */
function pagesOf(lines: readonly PdfLine[]): string[] {
  const pages: string[][] = [[]]
  let y = TALL - EDGE
  for (const { text, as } of lines) {
    const [font, size] = FONTS[as]
    const letters = Math.floor((WIDE - 2 * EDGE) / (size * COURIER_WIDTH)) // not money: letters on a line
    for (const part of broken(text, letters)) {
      y -= size * LINES_BETWEEN + (as === 'value' ? 0 : size / 2)
      if (y < EDGE && pages.length < PAGES_MAX) {
        pages.push([])
        y = TALL - EDGE - size
      }
      pages.at(-1)!.push(`BT /${font} ${size} Tf ${EDGE} ${y.toFixed(1)} Td ${drawn(part)} ET`) // not money: a place on a page
    }
  }
  return pages.map((page) => page.join('\n'))
}

/** Whole code points, so many a line; between words where there is one. */
function broken(text: string, letters: number): string[] {
  const rest = [...text]
  const parts: string[] = []
  while (rest.length > letters) {
    const space = rest.slice(0, letters + 1).lastIndexOf(' ')
    parts.push(
      rest
        .splice(0, space > 0 ? space + 1 : letters)
        .join('')
        .trimEnd(),
    )
  }
  return [...parts, rest.join('')]
}

function drawn(text: string): string {
  const codes = [...text].map(codeOf)
  const bytes = codes.map((code) => (code ?? codeOf('\u2022')!).toString(16).padStart(2, '0')).join('')
  const shown = `<${bytes}> Tj`
  return codes.includes(undefined) ? `/Span << /ActualText ${wide(text)} >> BDC ${shown} EMC` : shown
}

/** The place of a letter in WinAnsiEncoding; undefined where it has none. */
function codeOf(letter: string): number | undefined {
  const code = letter.codePointAt(0)!
  if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return code
  const found = WINDOWS.indexOf(letter)
  return found < 0 ? undefined : WINDOWS_AT[found]
}

/** Text in UTF-16 with its mark, in hex. */
function wide(text: string): string {
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`
}
