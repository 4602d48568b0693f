package dev.sluice.connect.hive;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.api.AddPartitionsRequest;
import org.apache.hadoop.hive.metastore.api.AddPartitionsResult;
import org.apache.hadoop.hive.metastore.api.AlterPartitionsRequest;
import org.apache.hadoop.hive.metastore.api.AlterPartitionsResponse;
import org.apache.hadoop.hive.metastore.api.AlterTableRequest;
import org.apache.hadoop.hive.metastore.api.AlterTableResponse;
import org.apache.hadoop.hive.metastore.api.CreateTableRequest;
import org.apache.hadoop.hive.metastore.api.DropPartitionRequest;
import org.apache.hadoop.hive.metastore.api.EnvironmentContext;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.GetPartitionsByNamesRequest;
import org.apache.hadoop.hive.metastore.api.GetPartitionsByNamesResult;
import org.apache.hadoop.hive.metastore.api.GetTableResult;
import org.apache.hadoop.hive.metastore.api.InvalidObjectException;
import org.apache.hadoop.hive.metastore.api.LockResponse;
import org.apache.hadoop.hive.metastore.api.LockState;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.hadoop.hive.metastore.api.ThriftHiveMetastore;
import org.apache.thrift.TException;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransportException;

/** One table in memory behind the metastore's own protocol, as version 4 of it answers. */
final class FakeMetastore implements AutoCloseable {
  /** What was asked, in order; of partitions, how many. */
  final List<String> calls = new ArrayList<>();

  private final TThreadPoolServer server;
  private final String uri;
  private Optional<Table> table = Optional.empty();
  private final Map<List<String>, Partition> partitions = new LinkedHashMap<>();
  private Optional<String> losing = Optional.empty();

  FakeMetastore() throws TTransportException {
    InvocationHandler answers = (proxy, method, arguments) -> answer(method.getName(), arguments);
    var face =
        (ThriftHiveMetastore.Iface)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ThriftHiveMetastore.Iface.class},
                answers);
    TServerSocket socket = new TServerSocket(0);
    this.uri = "thrift://127.0.0.1:" + socket.getServerSocket().getLocalPort();
    this.server =
        new TThreadPoolServer(
            new TThreadPoolServer.Args(socket)
                .processor(new ThriftHiveMetastore.Processor<>(face)));
    Thread serving = new Thread(server::serve, "metastore");
    serving.setDaemon(true);
    serving.start();
  }

  String uri() {
    return uri;
  }

  Table table() {
    return table.orElseThrow();
  }

  HiveFileCatalog catalog(Map<String, String> settings) {
    Configuration client = new Configuration(false);
    settings.forEach(client::set);
    return new HiveFileCatalog(client, "file:///lake");
  }

  /** Breaks the connection instead of answering this call, once; what it asks is done. */
  void loseTheAnswerTo(String call) {
    losing = Optional.of(call);
  }

  int count(String call) {
    return (int)
        calls.stream().filter(made -> made.equals(call) || made.startsWith(call + " ")).count();
  }

  private synchronized Object answer(String call, Object[] arguments) throws TException {
    Object answer = answer(call, arguments == null || arguments.length == 0 ? null : arguments[0]);
    if (losing.filter(call::equals).isPresent()) {
      losing = Optional.empty();
      throw new TTransportException("lost");
    }
    return answer;
  }

  private Object answer(String call, Object request) throws TException {
    return switch (call) {
      case "set_ugi" -> List.of();
      case "shutdown" -> null;
      case "lock", "check_lock" -> new LockResponse(1, LockState.ACQUIRED);
      case "unlock", "heartbeat" -> noted(call);
      case "create_database_req" -> noted("create_database");
      case "get_table_req" -> new GetTableResult(copyOfTable());
      case "create_table_req" -> create(((CreateTableRequest) request).getTable());
      case "alter_table_req" -> alter((AlterTableRequest) request);
      case "add_partitions_req" -> add((AddPartitionsRequest) request);
      case "alter_partitions_req" -> alter((AlterPartitionsRequest) request);
      case "fetch_partition_names_req" -> names();
      case "drop_partition_req" -> drop((DropPartitionRequest) request);
      case "get_partitions_by_names_req" -> byNames((GetPartitionsByNamesRequest) request);
      default -> throw new MetaException("not in this fake: " + call);
    };
  }

  private Object noted(String call) {
    calls.add(call);
    return null;
  }

  private Object create(Table made) throws InvalidObjectException {
    for (FieldSchema column : made.getSd().getCols()) {
      if (column.getType().equals("interval")) {
        throw new InvalidObjectException("Invalid column type: interval.");
      }
    }
    table = Optional.of(new Table(made));
    return noted("create_table");
  }

  private Table copyOfTable() throws NoSuchObjectException {
    return new Table(table.orElseThrow(() -> new NoSuchObjectException("no table")));
  }

  private AlterTableResponse alter(AlterTableRequest request) throws MetaException {
    calls.add("alter_table");
    EnvironmentContext context = request.getEnvironmentContext();
    Map<String, String> expected = context == null ? Map.of() : context.getProperties();
    String key = expected.get("expected_parameter_key");
    if (key != null
        && !expected.get("expected_parameter_value").equals(table().getParameters().get(key))) {
      throw new MetaException(
          "The table has been modified. The parameter value for key '" + key + "' is different");
    }
    table = Optional.of(new Table(request.getTable()));
    return new AlterTableResponse();
  }

  private AddPartitionsResult add(AddPartitionsRequest request) {
    calls.add("add_partitions " + request.getPartsSize());
    AddPartitionsResult result = new AddPartitionsResult();
    result.setPartitions(new ArrayList<>());
    for (Partition partition : request.getParts()) {
      if (partitions.putIfAbsent(partition.getValues(), partition) == null) {
        result.addToPartitions(partition);
      }
    }
    return result;
  }

  private AlterPartitionsResponse alter(AlterPartitionsRequest request) throws MetaException {
    calls.add("alter_partitions " + request.getPartitionsSize());
    for (Partition partition : request.getPartitions()) {
      if (partitions.replace(partition.getValues(), partition) == null) {
        throw new MetaException("there is no partition " + partition.getValues());
      }
    }
    return new AlterPartitionsResponse();
  }

  private boolean drop(DropPartitionRequest request) {
    calls.add("drop_partition " + (request.isDeleteData() ? "and its files" : "alone"));
    return partitions.remove(request.getPartVals()) != null;
  }

  private List<String> names() {
    return partitions.keySet().stream().map(values -> "day=" + values.get(0)).toList();
  }

  private GetPartitionsByNamesResult byNames(GetPartitionsByNamesRequest request) {
    calls.add("get_partitions " + request.getNamesSize());
    return new GetPartitionsByNamesResult(
        request.getNames().stream()
            .map(name -> partitions.get(List.of(name.substring("day=".length()))))
            .toList());
  }

  @Override
  public void close() {
    server.stop();
  }
}
