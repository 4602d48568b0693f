"""Looks at the cluster: server, clock, rights, what the pods refer to, quota, and whether a pod would be admitted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.utils.quantity import parse_quantity
from urllib3.exceptions import HTTPError

from sluice_airflow._compat import cluster_hook
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.doctor import TIMEOUT, Finding, State, ok, unknown, wrong
from sluice_airflow.doctor.pods import NO_IMAGE, Probe
from sluice_airflow.doctor.trial import look_at_start
from sluice_airflow.launchers.api_server import api_message
from sluice_airflow.rights import LAUNCHER_RIGHTS

MAX_SKEW_SECONDS = 30
PULL_POLICIES = ("Always", "IfNotPresent", "Never")

#: Asks for the existence of a secret: its values stay where they are.
METADATA_ONLY = {"Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"}

#: Refusals of a dry run that have a line of their own already: rights, quota, service account.
SAID_BEFORE = ("cannot create resource", "quota", "error looking up service account")


class Cluster:
    """The API server, asked about one namespace."""

    def __init__(self, api_client: Any, namespace: str):
        self.namespace = namespace
        self.version = client.VersionApi(api_client)
        self.core = client.CoreV1Api(api_client)
        self.authorization = client.AuthorizationV1Api(api_client)


def look_at_cluster(settings: ConnectionSettings, pods: Sequence[Probe], *, start: bool = False) -> Iterator[Finding]:
    """Look at all that a launch on Kubernetes needs; what comes after a server that does not answer is left out.

    :param start: start a pod of each image as well.
    """
    try:
        api_client, default_namespace = _connected(settings)
    except Exception as error:  # a hook may fail in any way
        yield wrong(
            "cluster",
            f"there is no way to it: {api_message(error)}",
            "Name a kubernetes_conn_id in the connection's extra, or set KUBECONFIG.",
        )
        return
    server = Cluster(api_client, "")
    try:
        version, _, headers = server.version.get_code_with_http_info(_request_timeout=TIMEOUT)
    except (ApiException, HTTPError) as error:
        yield wrong(
            "cluster", f"the API server does not answer: {api_message(error)}", "Correct the address, or the network."
        )
        return
    yield ok("cluster", f"the API server answers, version {version.git_version}")
    yield _clock(headers)
    for namespace in sorted({pod.namespace or default_namespace for pod in pods}):
        cluster = Cluster(api_client, namespace)
        its = [pod for pod in pods if (pod.namespace or default_namespace) == namespace]
        yield from _look_at_namespace(cluster, its, start=start)


def _connected(settings: ConnectionSettings) -> tuple[Any, str]:
    hook = cluster_hook(settings.kubernetes_conn_id)
    return hook.api_client, hook.get_namespace() or "default"


def _look_at_namespace(cluster: Cluster, pods: Sequence[Probe], *, start: bool) -> Iterator[Finding]:
    there = _namespace(cluster)
    yield there
    if there.state is State.WRONG:
        return
    yield _rights(cluster)
    for account in sorted({pod.service_account for pod in pods}):
        yield _service_account(cluster, account)
    for secret in sorted({secret for pod in pods for secret in pod.secrets}):
        yield _secret(cluster, "secret", secret, "Create it, or correct env_from_secrets and secretKeyRef.")
    for secret in sorted({secret for pod in pods for secret in pod.pull_secrets}):
        yield _secret(cluster, "pull secret", secret, "Create it: kubectl create secret docker-registry …")
    for image, policy in sorted({(pod.image, pod.pull_policy or "") for pod in pods if pod.image != NO_IMAGE}):
        yield _image(image, policy)
    yield _quota(cluster, pods)
    yield from _admission(cluster, pods)
    if start:
        yield from look_at_start(cluster.core, cluster.namespace, pods)


def _clock(headers: Any) -> Finding:
    said = headers.get("Date")
    if not said:
        return unknown("clock", "the API server does not say what time it is")
    skew = parsedate_to_datetime(said).timestamp() - time.time()
    if abs(skew) > MAX_SKEW_SECONDS:
        fix = "Let both keep their time by NTP: tokens and time-outs go by it."
        return wrong("clock", f"this machine and the API server are {abs(skew):.0f} s apart", fix)
    return ok("clock", f"within {MAX_SKEW_SECONDS} s of the API server's")


def _namespace(cluster: Cluster) -> Finding:
    name = cluster.namespace
    return _exists(
        "namespace",
        name,
        lambda: cluster.core.read_namespace(name, _request_timeout=TIMEOUT),
        "Create it (kubectl apply -f containers/rbac.yaml makes one), or correct the connection.",
    )


def _rights(cluster: Cluster) -> Finding:
    missing = []
    for verb, resource in LAUNCHER_RIGHTS:
        name, _, sub = resource.partition("/")
        attributes = client.V1ResourceAttributes(
            namespace=cluster.namespace, verb=verb, resource=name, subresource=sub or None
        )
        review = client.V1SelfSubjectAccessReview(
            spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=attributes)
        )
        try:
            answer = cluster.authorization.create_self_subject_access_review(review, _request_timeout=TIMEOUT)
        except (ApiException, HTTPError) as error:
            if getattr(error, "status", None) == 401:
                return wrong("rights", "the API server does not know who asks", "Renew the credentials.")
            return unknown("rights", f"nobody says: {api_message(error)}")
        if not answer.status.allowed:
            missing.append(f"{verb} {resource}")
    if missing:
        return wrong(
            "rights",
            f"this account must not {', '.join(missing)} in namespace {cluster.namespace}",
            "Bind it to the role sluice-launcher of containers/rbac.yaml.",
        )
    return ok("rights", f"all that a launch needs in namespace {cluster.namespace}")


def _service_account(cluster: Cluster, name: str) -> Finding:
    return _exists(
        "service account",
        name,
        lambda: cluster.core.read_namespaced_service_account(name, cluster.namespace, _request_timeout=TIMEOUT),
        "Create it, or correct service_account in the connection or the profile.",
    )


def _secret(cluster: Cluster, check: str, name: str, fix: str) -> Finding:
    def ask() -> Any:
        return cluster.core.api_client.call_api(
            f"/api/v1/namespaces/{cluster.namespace}/secrets/{name}",
            "GET",
            header_params=dict(METADATA_ONLY),
            auth_settings=["BearerToken"],
            _preload_content=False,
            _request_timeout=TIMEOUT,
        )

    return _exists(check, name, ask, fix)


def _exists(check: str, name: str, ask: Callable[[], Any], fix: str) -> Finding:
    try:
        ask()
    except ApiException as error:
        if error.status == 404:
            return wrong(check, f"{name} does not exist", fix)
        if error.status == 403:
            return unknown(check, f"{name}: this account may not look", "Ask as somebody who may: KUBECONFIG=… .")
        return unknown(check, f"{name}: {api_message(error)}")
    except HTTPError as error:
        return unknown(check, f"{name}: {api_message(error)}")
    return ok(check, f"{name} exists")


def _image(image: str, policy: str) -> Finding:
    if policy and policy not in PULL_POLICIES:
        return wrong("image", f"the pull policy is {policy}", f"Use one of {', '.join(PULL_POLICIES)}.")
    if policy == "Never":
        return unknown("image", f"{image} is never pulled: it must be on every node")
    last = image.rpartition("/")[2]
    if "@" not in image and ":" not in last:
        return wrong("image", f"{image} has no tag and no digest", "Name the image by its digest: NAME@sha256:…")
    if "@" not in image and policy == "IfNotPresent":
        return unknown(
            "image", f"{image}: a node keeps what the tag meant when it first pulled it", "Name it by its digest."
        )
    return ok("image", image)


def _quota(cluster: Cluster, pods: Sequence[Probe]) -> Finding:
    try:
        quotas = cluster.core.list_namespaced_resource_quota(cluster.namespace, _request_timeout=TIMEOUT).items
    except (ApiException, HTTPError) as error:
        if getattr(error, "status", None) == 403:
            return unknown("quota", "this account may not look", "Ask as somebody who may: KUBECONFIG=… .")
        return unknown("quota", api_message(error))
    exceeded = next((says for quota in quotas for pod in pods for says in _exceeded(quota, pod)), None)
    if exceeded:
        return wrong("quota", exceeded, "Raise the quota, lower the job's resources, or wait.")
    return ok("quota", f"{len(quotas)} with room for each job" if quotas else "none")


def _exceeded(quota: Any, pod: Probe) -> Iterator[str]:
    hard, used = quota.status.hard or {}, quota.status.used or {}
    for name, need in pod.needs.items():
        taken = used.get(name, "0")
        if name in hard and parse_quantity(taken) + parse_quantity(need) > parse_quantity(hard[name]):
            room = f"{quota.metadata.name} has {name} for {hard[name]}, of which {taken} are taken"
            yield f"{room}; {pod.job} needs {need}"


def _admission(cluster: Cluster, pods: Sequence[Probe]) -> Iterator[Finding]:
    """Ask as a dry run, which goes through Pod Security, limit ranges and webhooks."""
    refused = False
    for pod in pods:
        try:
            cluster.core.create_namespaced_pod(cluster.namespace, pod.pod, dry_run="All", _request_timeout=TIMEOUT)
        except ApiException as error:
            message = api_message(error)
            if error.status in (401, 404) or any(words in message for words in SAID_BEFORE):
                continue
            refused = True
            yield wrong(
                "admission", f"the pod of {pod.job} is refused: {message}", "Correct the pod, or the namespace's rules."
            )
        except HTTPError as error:
            yield unknown("admission", api_message(error))
            return
    if not refused:
        yield ok("admission", f"a dry run admits {len(pods)} {'pod' if len(pods) == 1 else 'pods'}")
