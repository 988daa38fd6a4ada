/**
 * Every interface of a browser may throw, be refused, or never answer: some by a setting, some by an extension, some in an
 * app. What a call does well without is asked for by these.
 */

/**
 * What `run` gives, or `otherwise` where the browser refuses it.
 * @template T
 * @param {() => T} run
 * @param {T} [otherwise]
 * @returns {T}
 */
export function attempt(run, otherwise) {
  try {
    return run();
  } catch (refused) {
    return otherwise;
  }
}

/** For a promise whose outcome is of no interest. */
export function quiet(run) {
  attempt(() => Promise.resolve(run()).catch(() => {}));
}

/**
 * What a promise brings within that time, else `otherwise`.
 * @template T
 * @param {number} ms
 * @param {() => T | Promise<T>} run
 * @param {T} otherwise
 * @returns {Promise<T>}
 */
export function within(ms, run, otherwise) {
  return new Promise((done) => {
    const timer = setTimeout(() => done(otherwise), ms);
    const given = (value) => {
      clearTimeout(timer);
      done(value);
    };
    Promise.resolve(attempt(run, otherwise)).then(given, () => given(otherwise));
  });
}

/** Drawing, or telling the page: a mistake there is written down and ends no call. */
export function loudly(run) {
  return (...given) => {
    try {
      run(...given);
    } catch (error) {
      console.error(error);
    }
  };
}
