/**
 * The administration endpoints: health, readiness, metrics, status, configuration, explain, reload,
 * targets.
 *
 * <p>Decides who may call them and how they answer; what they tell comes from {@link
 * io.sentinelgateway.admin.AdminSources}. Start reading at {@link
 * io.sentinelgateway.admin.AdminRouter}.
 *
 * <p>Level 5: may use {@code config}. Everything here runs on the event loop of the administration
 * listener.
 */
@NullMarked
package io.sentinelgateway.admin;

import org.jspecify.annotations.NullMarked;
