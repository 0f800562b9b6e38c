import { isTest, type Rule } from './source.ts'
import { isWritten, lineOf, lookAt, type Node } from './syntax.ts'

/** A function fits a screen, with everything inside it. */
export const FUNCTION_LINES_MAX = 70
/** In tests a world that is put together by one function may be longer. */
export const FIXTURE_LINES_MAX = 120
/** A callback of `describe` holds the tests of one thing: what is counted of it is what stands in no function inside it. */
const CALLBACK = 'ArrowFunctionExpression'
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', CALLBACK])

type Measured = { from: number; to: number; isCallback: boolean; inner: Set<number> }

/** No function is over 70 lines. In tests the functions inside a callback count for themselves, and a fixture may have 120. */
export const functionsFit: Rule = (sources) =>
  sources.filter(isWritten).flatMap((source) =>
    measured(source)
      .map((measure) => ({ ...measure, lines: linesOf(measure, isTest(source.path)) }))
      .filter(({ lines, isCallback }) => lines > (isTest(source.path) && !isCallback ? FIXTURE_LINES_MAX : FUNCTION_LINES_MAX))
      .map(({ from, lines }) => `${source.path}:${from}: a function of ${lines} lines; split it at its second responsibility`),
  )

function linesOf({ from, to, isCallback, inner }: Measured, inTest: boolean): number {
  return to - from + 1 - (inTest && isCallback ? inner.size : 0)
}

const measured = lookAt((source) => {
  const line = lineOf(source.text)
  const open: Measured[] = []
  const found: Measured[] = []
  return {
    enter: (node, parent) => {
      if (FUNCTIONS.has(node.type))
        open.push({ from: line(node.start), to: line(node.end - 1), isCallback: isCallback(node, parent), inner: new Set() })
    },
    leave: (node) => {
      if (!FUNCTIONS.has(node.type)) return
      const done = open.pop()!
      found.push(done)
      const outer = open.at(-1)
      for (let n = done.from; outer && n <= done.to; n++) outer.inner.add(n)
    },
    end: () => found,
  }
})

function isCallback(node: Node, parent: Node | undefined): boolean {
  return node.type === CALLBACK && parent?.type === 'CallExpression'
}

/** No object literal is spread into another: it is there to please the formatter, and the reader looks for a reason. */
export const noSpreadLiterals: Rule = (sources) => sources.filter(isWritten).flatMap(spreadsIn)

const spreadsIn = lookAt((source) => {
  const line = lineOf(source.text)
  const found: string[] = []
  return {
    enter: (node, parent) => {
      const argument = node.argument as Node | undefined
      if (node.type !== 'SpreadElement' || parent?.type !== 'ObjectExpression' || argument?.type !== 'ObjectExpression') return
      found.push(`${source.path}:${line(node.start)}: a literal is spread into a literal; name its members where they are`)
    },
    end: () => found,
  }
})
