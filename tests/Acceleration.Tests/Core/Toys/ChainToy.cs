using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>
/// A small transformer: one token per latent pixel and its place, a chain of blocks of self-attention (prepared by position and modulation) and feed-forward. Every
/// per-row and per-token input is read through the evaluation, so bodies run on any rows and tokens. Without its place a token would be its one number times a fixed
/// direction, all tokens parallel, and which of them are most similar would be decided by roundings.
/// </summary>
internal sealed class ChainToy : IToy
{
    private const int Width = 8;
    private const int Heads = 2;
    private readonly Site _chain;
    private readonly Site[] _attention;
    private readonly Site[] _feedForward;
    private readonly Tensor _embed = Toy.Matrix(1, 0.7, Width, 1);
    private readonly Tensor _place = Toy.Matrix(6, 0.5, Width, 1);
    private readonly Tensor _modulate = Toy.Matrix(2, 0.3, Width, 2);
    private readonly Tensor _qkv = Toy.Matrix(3, 0.4, 3 * Width, Width);
    private readonly Tensor _up = Toy.Matrix(4, 0.3, Width, Width);
    private readonly Tensor _head = Toy.Matrix(5, 0.3, 1, Width);

    public ChainToy(int blocks = 3, PredictionType type = PredictionType.Flow, params long[] size)
    {
        // A block costs 30 per token (10 of attention, 12 of feed-forward) and 2 per pair; the rest of the network 5 per token.
        var attend = new CostModel(0, 10, 2);
        var feed = new CostModel(0, 12);
        var block = attend + feed + new CostModel(0, 8);
        var sites = new SiteMap((block * blocks) + new CostModel(0, 5));
        _chain = sites.AddChain("blocks", blocks, block);
        _attention = [.. _chain.Blocks.Select(b => sites.Add(SiteKind.SelfAttention, $"{b}.attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, attend))];
        _feedForward = [.. _chain.Blocks.Select(b => sites.Add(SiteKind.FeedForward, $"{b}.ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, feed))];
        Info = Toy.Info("chain", type, sites, size) with { Signals = [Signal.TimeEmbedding, Signal.ModulatedInput] };
    }

    public DenoiserInfo Info { get; private init; }

    /// <summary>Number format of the weights and of everything between them; float32 unless set.</summary>
    public ScalarType DType
    {
        init
        {
            Info = Info with { DType = value };
            (_embed, _place, _modulate, _qkv, _up, _head) = (As(_embed), As(_place), As(_modulate), As(_qkv), As(_up), As(_head));

            Tensor As(Tensor weights)
            {
                using var before = weights;
                return weights.to(value, copy: true).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>Every body that ran, in order; <c>prepare</c> and signals included.</summary>
    public ConcurrentQueue<ToyCall> Calls { get; } = new();

    /// <summary>Called in each block with its position; throw or cancel here.</summary>
    public Action<int>? InBlock { get; set; }

    /// <inheritdoc/>
    public Action<string>? InBody { get; set; }

    public int CountOf(string site) => Calls.Count(c => c.Site == site);

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        InBody?.Invoke("network");
        var tokens = latents.flatten(2).transpose(1, 2);
        var position = linspace(-1, 1, tokens.size(1), ScalarType.Float32, latents.device).unsqueeze(1).to(Info.DType);
        var embedding = stack([timestep / 1000.0, condition["labels"].to(ScalarType.Float32) / 10.0], 1).to(Info.DType);
        var input = new Inputs(this, position, nn.functional.linear(embedding, _modulate));
        var h = nn.functional.linear(tokens, _embed) + nn.functional.linear(position, _place);
        evaluation.Publish(Signal.TimeEmbedding, h, input, static (_, s, _) => s.Log("time", s.Modulation.size(0), 0, s.Modulation));
        evaluation.Publish(Signal.ModulatedInput, h, input, static (h, s, e) => s.Log("modulated", h.Main.size(0), h.Main.size(1), Prepare(h, s, e).Main));
        h = evaluation.Chain(_chain, h, input, static (h, i, s, e) => s.Toy.Block(h, i, s, e)).Main;
        return nn.functional.linear(h, _head).transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
        foreach (var t in new[] { _embed, _place, _modulate, _qkv, _up, _head })
        {
            t.Dispose();
        }
    }

    private static Value Prepare(Value h, Inputs s, Evaluation e) =>
        s.Log("prepare", h.Main.size(0), h.Main.size(1), (h.Main + e.ForTokens(s.Position, 0)) * (e.ForRows(s.Modulation).unsqueeze(1) + 1));

    private Value Block(Value h, int i, Inputs s, Evaluation e)
    {
        Calls.Enqueue(new(_chain.Blocks[i].Path, (int)h.Main.size(0), h.Main.size(1)));
        InBlock?.Invoke(i);
        InBody?.Invoke(_chain.Blocks[i].Path);
        var a = e.At(_attention[i], h, (s, i), static (h, s, e) => s.s.Toy.Attention(h, s.i, e), static (h, s, e) => Prepare(h, s.s, e));
        var x = h.Main + (a.Main * 0.5);
        var f = e.At(_feedForward[i], x, (s, i), static (h, s, _) => s.s.Log(
            s.s.Toy._feedForward[s.i].Path, h.Main.size(0), h.Main.size(1), nn.functional.linear(h.Main, s.s.Toy._up).tanh()));
        return x + f.Main;
    }

    private Value Attention(Value h, int i, Evaluation e)
    {
        var (rows, tokens) = (h.Main.size(0), h.Main.size(1));
        Calls.Enqueue(new(_attention[i].Path, (int)rows, tokens));
        InBody?.Invoke(_attention[i].Path);
        var parts = nn.functional.linear(h.Main, _qkv).view(rows, tokens, 3, Heads, Width / Heads).permute(2, 0, 3, 1, 4);
        var attended = e.Attend(_attention[i], new(parts[0], parts[1], parts[2]));
        return attended.transpose(1, 2).reshape(rows, tokens, Width);
    }

    private sealed record Inputs(ChainToy Toy, Tensor Position, Tensor Modulation)
    {
        public Tensor Log(string what, long rows, long tokens, Tensor result)
        {
            Toy.Calls.Enqueue(new(what, (int)rows, tokens));
            if (what.EndsWith(".ff", StringComparison.Ordinal))
            {
                Toy.InBody?.Invoke(what);
            }

            return result;
        }
    }
}
