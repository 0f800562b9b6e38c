/** How many answers are kept; each is bounded. */
const KEPT = 16

/** An answer as a tool gives it, with what was paid for it. */
type Answer = Readonly<{ status: number; paid: unknown }>

/** Keeps the answer that was paid for with an approval, in memory, for who asks for the same again with the same approval. */
export function createFirstAnswers<T extends Answer>() {
  const kept = new Map<string, Promise<T>>()
  return {
    /** What `ask` answers, or what it answered the first time for this id. What was not paid, refused or broke off is asked again. */
    async by(id: string, ask: () => Promise<T>): Promise<T> {
      const before = kept.get(id)
      const first = before && (await before.catch(() => undefined))
      if (first) return first
      const answer = ask()
      kept.set(id, answer)
      for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old)
      const isKept = await answer.then(
        ({ status, paid }) => paid !== null && status >= 200 && status < 300,
        () => false,
      )
      if (!isKept && kept.get(id) === answer) kept.delete(id)
      return answer
    },
  }
}
