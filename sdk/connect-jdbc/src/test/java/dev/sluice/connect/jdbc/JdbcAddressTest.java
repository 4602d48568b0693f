package dev.sluice.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JDBC address may say, and what it is refused for. */
class JdbcAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example.org:5432/sales",
        "jdbc:postgresql://a:5432,b:5432/sales?sslmode=verify-full&ApplicationName=sluice",
        "jdbc:mariadb://db:3306/sales?sslMode=verify-full",
        "jdbc:sqlite:/tmp/out folder/delays.db?busy_timeout=1000",
        "jdbc:sqlite::memory:"
      })
  void letsThroughWhatIsKnown(String uri) {
    assertThat(new Database(uri, Map.of()).uri()).isEqualTo(uri);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "jdbc:postgresql://db/x?socketFactory=org.springframework.X, socketFactory, postgresql",
    "jdbc:postgresql://db/x?sslmode=require&sslfactory=a.B, sslfactory, postgresql",
    "jdbc:postgresql://db/x?%73ocketFactory=a.B, %73ocketFactory, postgresql",
    "jdbc:postgresql://db/x?loggerFile=/tmp/x.jsp, loggerFile, postgresql",
    "jdbc:mariadb://db/x?allowLocalInfile=true, allowLocalInfile, mariadb",
    "jdbc:mariadb://db/x?sslMode=trust;autoDeserialize=true, autoDeserialize, mariadb",
    "jdbc:sqlite:x.db?enable_load_extension=true, enable_load_extension, sqlite"
  })
  void refusesAPropertyByItsName(String uri, String property, String kind) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> new Database(uri, Map.of()))
        .withMessageStartingWith(
            "Cannot use property '"
                + property
                + "' in the address of a "
                + kind
                + " database: it is not among those that are known to be safe. ")
        .withMessageEndingWith(". Remove it")
        .returns(ErrorKind.CONFIG, SluiceException::kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/x%3FsocketFactory=a.B",
        "jdbc:mariadb://address=(host=db)(autoDeserialize=true)/x",
        "jdbc:mariadb://db/x;y",
        "jdbc:postgresql:x"
      })
  void refusesAnotherForm(String uri) {
    String kind = uri.split(":", -1)[1];
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> JdbcAddress.parse(uri))
        .withMessage(
            "Cannot use a database of kind %s: its address is not of the form"
                + " jdbc:KIND://HOST:PORT/DATABASE. Correct the setting that holds it",
            kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:sqlite::resource:http://10.0.0.1/x.db", "jdbc:sqlite:file:x?vfs=y"})
  void refusesADatabaseThatTheDriverWouldFetch(String uri) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> JdbcAddress.parse(uri))
        .withMessage(
            "Cannot use a database of kind sqlite: its address is not of the form jdbc:sqlite:PATH."
                + " Correct the setting that holds it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://10.0.0.1/x.sql'", "http://db"})
  void refusesAnotherKind(String uri) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> JdbcAddress.parse(uri))
        .withMessage(
            "Cannot use a database: its address does not begin with jdbc: and a known kind. Known:"
                + " mariadb, postgresql, sqlite. Correct the setting that holds it");
  }

  @Test
  void settingsGiveNothingButCredentials() {
    Map<String, String> given = Map.of("user", "etl", "socketFactoryuser", "a.B");
    assertThat(new Database("jdbc:sqlite:x.db", given).credentials())
        .isEqualTo(Map.of("user", "etl"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:postgresql://db:5432/x | db",
        "jdbc:postgresql://db/x?sslmode=prefer | db",
        "jdbc:postgresql://db/x?sslmode=require | ''",
        "jdbc:postgresql://db/x?sslmode=verify-full&sslmode=disable | db",
        "jdbc:postgresql://b:1,a:2,[fd00::5]:3/x | a,b,fd00::5",
        "jdbc:mariadb://db/x?sslMode=disable | db",
        "jdbc:mariadb://db/x?sslMode=trust | ''",
        "jdbc:sqlite:/tmp/x.db | ''"
      })
  void tellsWhatIsReachedWithoutTls(String uri, String hosts) {
    assertThat(String.join(",", JdbcAddress.parse(uri).plainHosts())).isEqualTo(hosts);
  }
}
