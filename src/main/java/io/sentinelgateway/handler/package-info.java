/**
 * One class per terminal handler that answers without an origin server, each with its settings;
 * {@link io.sentinelgateway.handler.HandlerKinds} is the list of them and the place to start. Level
 * 3: may use level 2 and below, and {@code filter} for what field names and redirects have in
 * common. Handlers hold only final fields and are shared by all event loops; blocking work with
 * files is done by worker threads.
 */
@NullMarked
package io.sentinelgateway.handler;

import org.jspecify.annotations.NullMarked;
