/** A playground belongs to one tab at a time: two tabs saving the same one would overwrite each other. */
export interface Ownership {
  release(): void
}

/** Takes a playground for this tab, or null when another tab has it. A tab that dies gives up what it had. */
export async function own(id: string): Promise<Ownership | null> {
  if (!navigator.locks) return { release: () => undefined }
  // A page that is being reloaded may still hold the lock for a moment.
  for (let attempt = 0; attempt < 5; attempt++) {
    const ownership = await tryToOwn(id)
    if (ownership) return ownership
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  return null
}

function tryToOwn(id: string): Promise<Ownership | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`kubecosm:${id}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null)
        return new Promise<void>((release) => resolve({ release: () => release() }))
      })
      .catch(reject)
  })
}
