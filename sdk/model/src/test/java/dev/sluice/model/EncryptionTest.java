package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be declared of a table's keys. */
class EncryptionTest {
  private static final Encryption KEYS =
      Encryption.with("footer").column("name", "pii").column("born", "pii").column("pay", "money");

  private static Table staff() {
    return Table.parquet("hr.staff")
        .column("id", "int")
        .column("name", "string")
        .column("tags", "array<string>")
        .column("site", "string")
        .partitionedBy("site");
  }

  @Test
  void columnsAreFoundByTheirKeys() {
    assertThat(KEYS.byKey())
        .isEqualTo(Map.of("pii", List.of("born", "name"), "money", List.of("pay")));
    assertThat(KEYS.within(List.of("id", "pay")))
        .isEqualTo(Encryption.with("footer").column("pay", "money"));
  }

  @Test
  void aTableKeepsItsEncryption() {
    Table encrypted = staff().encrypted(Encryption.with("footer").column("name", "pii"));

    assertThat(encrypted.describedAs("people").key("id").checkedBy("s").encrypts())
        .isEqualTo(encrypted.encrypts());
    assertThat(Json.line(encrypted)).contains("\"footer\":\"footer\"");
    assertThat(Json.line(staff())).doesNotContain("encryption");
  }

  @Test
  void aKeyForWhatIsNotInAColumnOfItsOwnIsRefused() {
    assertThatThrownBy(() -> staff().encrypted(Encryption.with("f").column("tags", "pii")))
        .hasMessage(
            "Cannot declare table hr.staff: column 'tags' cannot have a key of its own, because its"
                + " values are nested. Leave it to the key of the footer");
    assertThatThrownBy(() -> staff().encrypted(Encryption.with("f").column("site", "pii")))
        .hasMessage(
            "Cannot declare table hr.staff: column 'site' cannot have a key of its own, because its"
                + " values stand in the names of folders. Do not partition by what is secret");
    assertThatThrownBy(() -> staff().encrypted(Encryption.with("f").column("nmae", "pii")))
        .hasMessageStartingWith(
            "Cannot declare table hr.staff: its encryption names column 'nmae', which it does not"
                + " have. Did you mean 'name'?");
    assertThatThrownBy(() -> Encryption.with("arn:aws:kms:us-east-1:1:key/2"))
        .hasMessage(
            "Cannot declare a table: 'arn:aws:kms:us-east-1:1:key/2' is no name of a key. Use its id"
                + " or alias: letters, digits and _ . / -");
  }
}
