/**
 * A configuration version made ready to serve. Start at {@link
 * io.sentinelgateway.runtime.SnapshotCompiler}; {@link io.sentinelgateway.runtime.Catalog} lists
 * everything that a configuration can name. Level 4: may use levels 0 to 3. Snapshots are immutable
 * and shared by all event loops.
 */
@NullMarked
package io.sentinelgateway.runtime;

import org.jspecify.annotations.NullMarked;
