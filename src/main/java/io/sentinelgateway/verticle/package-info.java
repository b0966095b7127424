/**
 * The control plane's actors, one verticle each, and {@link io.sentinelgateway.verticle.Gateway},
 * which deploys them. They only wire: what they decide stands in the rooms below. Level 6: may use
 * levels 0 to 5. A verticle's state belongs to its own context; they talk over {@code bus} alone.
 */
@NullMarked
package io.sentinelgateway.verticle;

import org.jspecify.annotations.NullMarked;
