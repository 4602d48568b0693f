package dev.sluice.testkit.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before a PostgreSQL and keeps back its answer to the commit that notes a run. */
final class LostAnswer implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):(\\d+)/");

  /** What becomes of the server once an answer is lost. */
  enum Then {
    /** Others can connect. */
    REACHABLE,
    /** Nobody can. */
    UNREACHABLE
  }

  private final String url;
  private final String host;
  private final int port;
  private final Then then;
  private final ServerSocket door;
  private final AtomicInteger lost = new AtomicInteger();

  private LostAnswer(String url, Then then) throws IOException {
    Matcher address = ADDRESS.matcher(url);
    if (!address.find()) {
      throw new IllegalArgumentException(url);
    }
    this.host = address.group(1);
    this.port = Integer.parseInt(address.group(2));
    this.then = then;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.url = address.replaceFirst("//127.0.0.1:" + door.getLocalPort() + "/");
  }

  static LostAnswer before(String url, Then then) throws IOException {
    LostAnswer proxy = new LostAnswer(url, then);
    inBackground(proxy::serve);
    return proxy;
  }

  String url() {
    return url;
  }

  /** How many answers were kept back. */
  int lost() {
    return lost.get();
  }

  private static void inBackground(Runnable work) {
    Thread thread = new Thread(work, "lost-answer");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    try {
      while (!door.isClosed()) {
        Socket client = door.accept();
        Socket server = new Socket(host, port);
        AtomicBoolean committing = new AtomicBoolean();
        inBackground(() -> ask(client, server, committing));
        inBackground(() -> answer(client, server, committing));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void ask(Socket client, Socket server, AtomicBoolean committing) {
    boolean noted = false;
    byte[] buffer = new byte[65536];
    try (client;
        server) {
      InputStream from = client.getInputStream();
      OutputStream to = server.getOutputStream();
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        noted |= text.contains("INSERT INTO \"sluice_ledger\"");
        committing.set(noted && text.contains("COMMIT") && lost.get() == 0);
        to.write(buffer, 0, read);
        to.flush();
      }
    } catch (IOException closed) {
      // One of both has hung up.
    }
  }

  private void answer(Socket client, Socket server, AtomicBoolean committing) {
    byte[] buffer = new byte[65536];
    try (client;
        server) {
      InputStream from = server.getInputStream();
      OutputStream to = client.getOutputStream();
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        if (committing.get()) {
          lost.incrementAndGet();
          if (then == Then.UNREACHABLE) {
            door.close();
          }
          return;
        }
        to.write(buffer, 0, read);
        to.flush();
      }
    } catch (IOException closed) {
      // One of both has hung up.
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
