/** How a chat is let in: a token, then a session; a token that has grown old is replaced once. */

/** @param {any} chat @returns {Promise<string>} the session's id; throws what the server says, with its code */
export async function admitted(chat) {
  const { api, wanted } = chat.world;
  const known = Boolean(chat.token);
  if (!known) chat.token = await api.token();
  const asked = Object.assign({}, wanted(), chat.agreed && chat.consent && { consent: chat.consent.digest });
  try {
    return await api.session(chat.token, asked);
  } catch (error) {
    if (!known || error.code !== 'TOKEN_INVALID') throw error;
    chat.token = await api.token();
    return api.session(chat.token, asked);
  }
}
