"""SNS by boto3: what a script does, and AWS's own exceptions as boto3 knows them."""
import http.server
import json
import queue
import threading
import urllib.request
import boto3

sns = boto3.client("sns")
got = queue.Queue()


class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        got.put(json.loads(body))

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()

topic = sns.create_topic(Name="scripts", Attributes={"DisplayName": "Scripts"}, Tags=[{"Key": "team", "Value": "ml"}])["TopicArn"]
assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "team", "Value": "ml"}]
made = sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{server.server_port}/", ReturnSubscriptionArn=True)
assert made["SubscriptionArn"].startswith(topic + ":"), made
asked = got.get(timeout=240)
assert asked["Type"] == "SubscriptionConfirmation"
urllib.request.urlopen(asked["SubscribeURL"], timeout=240).read()
assert sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])["Attributes"]["PendingConfirmation"] == "false"
sent = sns.publish(TopicArn=topic, Message="hello", Subject="Greeting", MessageAttributes={"n": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}})
message = got.get(timeout=240)
assert (message["MessageId"], message["Message"], message["Subject"]) == (sent["MessageId"], "hello", "Greeting"), message
assert message["MessageAttributes"] == {"n": {"Type": "Number", "Value": "1"}, "b": {"Type": "Binary", "Value": "AP8="}}, message
batch = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "a", "Message": "1"}, {"Id": "b", "Message": "2"}])
assert {e["Id"]: e["MessageId"] for e in batch["Successful"]} and not batch.get("Failed"), batch
assert {got.get(timeout=240)["Message"] for _ in range(2)} == {"1", "2"}

for call, error, words in (
    (lambda: sns.publish(TopicArn=topic + "x", Message="m"), sns.exceptions.NotFoundException, "Topic does not exist"),
    (lambda: sns.publish(TopicArn=topic, Message="m", Subject="s" * 100), sns.exceptions.InvalidParameterException, "Invalid parameter: Subject"),
    (lambda: sns.publish(TopicArn=topic, Message="m" * (256 * 1024 + 1)), sns.exceptions.InvalidParameterException, "Invalid parameter: Message too long"),
    (lambda: sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "a", "Message": "1"}, {"Id": "a", "Message": "2"}]),
     sns.exceptions.BatchEntryIdsNotDistinctException, "Two or more batch entries in the request have the same Id."),
    (lambda: sns.tag_resource(ResourceArn=topic + "x", Tags=[]), sns.exceptions.ResourceNotFoundException, "Resource does not exist"),
):
    try:
        call()
    except error as refused:
        assert refused.response["Error"]["Message"] == words, refused.response
    else:
        raise AssertionError(words)

sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])
assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
sns.delete_topic(TopicArn=topic)
server.shutdown()
