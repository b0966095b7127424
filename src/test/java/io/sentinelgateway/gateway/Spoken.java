package io.sentinelgateway.gateway;

/** One connection of the gateway to a {@link SpokenOrigin}, on which one request is answered. */
interface Spoken {

  /** From 1: which connection this is. */
  int number();

  /** Reads a request, and its content. */
  void request() throws Exception;

  /** An interim answer. */
  void interim(int status, String name, String value) throws Exception;

  /** A head without a word about the length; field names and values by turns. */
  void head(int status, String... fields) throws Exception;

  /** A piece of the content, as soon as the gateway takes it. */
  void piece(String content) throws Exception;

  /** The end of the content; a trailer section if there are fields. */
  void end(String... trailers) throws Exception;

  /** The end of a head that has no content. */
  void headOnly(int status, String... fields) throws Exception;

  /** Breaks the request off. */
  void reset() throws Exception;

  /** Says, after the answer, that no more requests are wanted. */
  void leave() throws Exception;

  /** Sends more than the answer is. */
  void surplus() throws Exception;

  /** Waits until the gateway has broken the request off. */
  void awaitCancel() throws Exception;

  /** 200 with this content. */
  default void answer(String content) throws Exception {
    head(200);
    piece(content);
    end();
  }

  /** Answers everything by the number of the connection. */
  default void answerAll() throws Exception {
    while (true) {
      request();
      answer("on " + number());
    }
  }
}
