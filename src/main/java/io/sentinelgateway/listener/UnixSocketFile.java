package io.sentinelgateway.listener;

import io.sentinelgateway.config.UnixSocketConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;

/**
 * The file of a Unix socket: a process that dies leaves it behind, and then nobody can bind there.
 * Blocks: not for an event loop. Stateless.
 */
public final class UnixSocketFile {

  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private UnixSocketFile() {}

  /**
   * Removes the file when nobody listens there any more.
   *
   * @throws IOException when somebody does, or when it is another kind of file
   */
  public static void clear(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE) != SOCKET) {
      throw new BindException("there is a file that is no socket");
    }
    if (alive(file)) {
      throw new BindException("another process listens there");
    }
    Files.delete(file);
  }

  /** Asks without waiting; somebody too busy to answer is alive. */
  private static boolean alive(Path file) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(file));
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  /**
   * Says who may connect.
   *
   * @throws IOException when there is no such user or group, or the gateway may not give it away
   */
  public static void permit(Path file, UnixSocketConfig settings) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
    if (settings.group().isPresent()) {
      view.setGroup(names.lookupPrincipalByGroupName(settings.group().get()));
    }
    if (settings.owner().isPresent()) {
      view.setOwner(names.lookupPrincipalByName(settings.owner().get()));
    }
    Files.setAttribute(file, "unix:mode", settings.bits());
  }
}
