/** An element: attributes, then either children or text. */
export type XmlElement = Readonly<{
  name: string
  attributes: Readonly<Record<string, string>>
  children: readonly XmlElement[]
  text: string
}>

type Open = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }

const DEPTH_MAX = 30
const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }

function plainText(raw: string): string {
  return raw.replace(/&[^;]*;?/g, (entity) => {
    const character = ENTITIES[entity]
    if (character === undefined) throw new Error(`entity ${entity.slice(0, 12)} is not known`)
    return character
  })
}

function readAttributes(raw: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, double, single] of raw.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (name! in attributes) throw new Error(`attribute ${name} is there twice`)
    attributes[name!] = plainText(double ?? single ?? '')
  }
  return attributes
}

/** Reads the small part of XML that ISO 20022 files use. Throws on everything else: DOCTYPE, CDATA, prefixes, text between elements. */
export function readXmlTree(text: string): XmlElement {
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const path = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(text)
    if (!token) throw new Error(`not XML at character ${at}`)
    const [, closing, name, attributes, empty, characters] = token
    const parent = path.at(-1)!
    if (characters !== undefined) parent.text += plainText(characters)
    else if (name === undefined) continue
    else if (closing) {
      if (parent.name !== name) throw new Error(`</${name}> closes <${parent.name}>`)
      path.pop()
    } else {
      const element: Open = { name, attributes: readAttributes(attributes ?? ''), children: [], text: '' }
      parent.children.push(element)
      if (!empty) path.push(element)
      if (path.length > DEPTH_MAX) throw new Error('elements are nested too deeply')
    }
  }
  if (path.length !== 1) throw new Error(`<${path.at(-1)!.name}> is not closed`)
  checkText(root, 0)
  if (root.children.length !== 1) throw new Error('there is not exactly one root')
  return root.children[0]!
}

function checkText(element: Open | XmlElement, depth: number): void {
  if ((element.children.length > 0 || depth === 0) && element.text.trim() !== '')
    throw new Error(`text between the elements of ${element.name}`)
  for (const child of element.children) checkText(child, depth + 1)
}
