using System.Text;
using System.Text.Json.Nodes;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>A session file that says something that cannot be is refused by name, before anything of it is used; nothing stays alive.</summary>
public sealed class SessionFileTests : LiveTensorTest
{
    private readonly ChainToy _net = new();
    private readonly string _path = Path.GetTempFileName();

    public SessionFileTests() => Own(_net);

    private Sampler Sampler => Acceleration.Sampler.For(_net).FlowEuler(4, stochastic: true).Guidance(2).Use(new EasyCache(2.5, 1)).Build();

    protected override void Release() => File.Delete(_path);

    /// <summary>Saves a session in its third step and writes the file anew.</summary>
    private void Rewrite(Action<JsonNode> change, Func<string, Tensor, Tensor?>? replace = null, string? version = "1")
    {
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using (var session = Sampler.Start(request))
        {
            session.Advance(TestContext.Current.CancellationToken);
            session.Advance(TestContext.Current.CancellationToken);
            session.Save(_path);
        }

        using var scope = NewDisposeScope();
        List<(string, Tensor)> tensors = [];
        using (var file = SafetensorsFile.Open(_path))
        {
            foreach (var name in file.Names)
            {
                var value = file.Read(name).clone();
                if (name == "session.json")
                {
                    var json = JsonNode.Parse(value.bytes.ToArray())!;
                    change(json);
                    value = tensor(Encoding.UTF8.GetBytes(json.ToJsonString()), ScalarType.Byte);
                }

                if ((replace is null ? value : replace(name, value)) is { } kept)
                {
                    tensors.Add((name, kept));
                }
            }
        }

        SafetensorsFile.Write(_path, tensors, version is null ? null : new Dictionary<string, string> { ["sampling_session"] = version, ["sha256"] = SessionSum.Of(tensors) });
    }

    private void Refused(string reason)
    {
        var e = Assert.Throws<CheckpointException>(() => SamplingSession.Load(Sampler, _path));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Equal(_path, e.File);
    }

    [Fact]
    public void Unchanged()
    {
        Rewrite(_ => { });
        using var session = SamplingSession.Load(Sampler, _path);
        Assert.Equal(2, session.Done);
    }

    [Theory]
    [InlineData("Stage", "1", "step 2, where its stage has 1")]
    [InlineData("Stage", "7", "stage 7 of 1")]
    [InlineData("Stage", "-1", "stage -1 of 1")]
    [InlineData("Step", "4", "step 4, where its stage has 4")]
    [InlineData("Step", "3", "a trace of 2 steps, where 3 are done")]
    [InlineData("Step", "1e30", "cannot be read")]
    [InlineData("Rows", "0", "it has 0 samples, where its latents have 2 rows")]
    [InlineData("Rows", "3", "it has 3 samples")]
    [InlineData("Rows", "2000000000", "it has 2000000000 samples")]
    [InlineData("NegativeRows", "-4", "-4 rows")]
    [InlineData("PreviewEvery", "-1", "-1 steps")]
    [InlineData("History", "3", "history.0")]
    [InlineData("History", "1000000", "history of 1000000")]
    [InlineData("Size", "[1,4]", "takes latents of size")]
    [InlineData("Size", "[1,-4,4]", "takes latents of size")]
    [InlineData("Size", "[1,8,8]", "noise of a size or number")]
    [InlineData("Draws", "[{\"Size\":[1,4,4],\"Times\":1000000000}]", "noise of a size or number")]
    [InlineData("Draws", "[{\"Size\":[1,400,400],\"Times\":1}]", "noise of a size or number")]
    [InlineData("Draws", "[null]", "noise of a size or number")]
    [InlineData("Stores", "[]", "the state of 0 strategies, where the sampler has 2")]
    [InlineData("Stores", "[null,null]", "the state of 2 strategies")]
    [InlineData("Stores", "[{\"Batches\":[],\"Numbers\":[]},{\"Batches\":[null],\"Numbers\":[]}]", "incomplete")]
    [InlineData("Stores", "[{\"Batches\":[],\"Numbers\":[]},{\"Batches\":[],\"Numbers\":[null]}]", "incomplete")]
    [InlineData("Trace", "[]", "a trace of 0 steps")]
    [InlineData("Trace", "[null,null]", "entry 0 of its trace")]
    [InlineData("Routes", "[null]", "route")]
    [InlineData("Routes", "null", "cannot be read")]
    [InlineData("Sampler", "null", "cannot be read")]
    [InlineData("More", "1", "cannot be read")]
    public void AFieldThatCannotBe(string field, string value, string reason)
    {
        Rewrite(json => json[field] = JsonNode.Parse(value));
        Refused(reason);
    }

    [Fact]
    public void ATraceOutOfOrder()
    {
        Rewrite(json => json["Trace"]![1]!["Index"] = 0);
        Refused("entry 1 of its trace");
    }

    [Fact]
    public void LatentsOfAnotherShapeOrType()
    {
        Rewrite(_ => { }, (name, t) => name == "latents" ? t.narrow(3, 0, 2) : t);
        Refused("'latents'");
        Rewrite(_ => { }, (name, t) => name == "latents" ? t.to(ScalarType.Int64) : t);
        Refused("it is Int64 [2, 1, 4, 4]");
    }

    [Fact]
    public void ABitThatFlipped()
    {
        Rewrite(_ => { });
        var file = File.ReadAllBytes(_path);
        var data = 8 + (int)BitConverter.ToInt64(file);
        for (var at = data; at < file.Length; at += 997)
        {
            file[at] ^= 4;
            File.WriteAllBytes(_path, file);
            Refused("it is damaged");
            file[at] ^= 4;
        }

        File.WriteAllBytes(_path, file);
        using var session = SamplingSession.Load(Sampler, _path);
        Assert.Equal(2, session.Done);
    }

    [Fact]
    public void WhatAKilledProcessLeftIsRemovedByTheNextSave()
    {
        var left = $"{_path}.0123456789abcdef0123456789abcdef.tmp";
        File.WriteAllText(left, "half");
        Rewrite(_ => { });
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void MissingTensors()
    {
        Rewrite(_ => { }, (name, t) => name == "latents" ? null : t);
        Refused("its latents have 0 rows");
        Rewrite(_ => { }, (name, t) => name == "session.json" ? null : t);
        Refused("'session.json'");
        Rewrite(_ => { }, (name, t) => name.StartsWith("store.1", StringComparison.Ordinal) ? null : t);
        Refused("'store.1.0'");
    }

    [Fact]
    public void AnotherVersionOrAnotherFile()
    {
        Rewrite(_ => { }, version: "2");
        Refused("a session of version 2; this library reads version 1");
        Rewrite(_ => { }, version: null);
        Refused("it is no saved session");
        Rewrite(_ => { }, (name, t) => name == "session.json" ? t.to(ScalarType.Float32) : t);
        Refused("as bytes");
        File.WriteAllText(_path, "no session");
        Assert.Throws<CheckpointException>(() => SamplingSession.Load(Sampler, _path));
    }
}
