"""SQS by boto3: what a script does, and AWS's own exceptions as boto3 knows them."""
import boto3
import botocore.exceptions

sqs = boto3.client("sqs")
url = sqs.create_queue(QueueName="scripts", Attributes={"VisibilityTimeout": "1"}, tags={"team": "ml"})["QueueUrl"]
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "ml"}
assert sqs.get_queue_url(QueueName="scripts")["QueueUrl"] == url
sent = sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes={"n": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}})
message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], AttributeNames=["All"])["Messages"][0]
assert (message["Body"], message["MD5OfMessageAttributes"]) == ("hello", sent["MD5OfMessageAttributes"]), message
assert message["MessageAttributes"]["b"]["BinaryValue"] == b"\x00\xff", message
# nobody deletes it, so it comes back when its second is over, to who waits for it
again = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
assert again["MessageId"] == message["MessageId"]
sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
batch = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}])
assert len(batch["Successful"]) == 2 and not batch.get("Failed"), batch
queue = boto3.resource("sqs").get_queue_by_name(QueueName="scripts")
for received in queue.receive_messages(MaxNumberOfMessages=10):
    received.delete()
assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessages"] == "0"
assert [p["QueueUrls"] for p in sqs.get_paginator("list_queues").paginate(QueueNamePrefix="scr")] == [[url]]
sqs.delete_queue(QueueUrl=url)
try:
    sqs.receive_message(QueueUrl=url)
    raise AssertionError("the queue is gone")
except sqs.exceptions.QueueDoesNotExist as e:
    assert e.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue", e.response
    assert e.response["Error"]["Type"] == "Sender", e.response
try:
    sqs.create_queue(QueueName="no name")
    raise AssertionError("that is no name")
except botocore.exceptions.ClientError as e:
    assert e.response["Error"]["Code"] == "InvalidParameterValue", e.response
