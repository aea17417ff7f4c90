using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>
/// One chain of four blocks over an image and a text stream: two double-stream blocks, the second of which leaves the text as it is, then two single-stream
/// blocks on the joint stream, text first. Condition <c>text</c>: [rows, 3, 4].
/// </summary>
internal sealed class TwoStreamToy : IToy
{
    private const int Width = 4;
    private readonly Site _chain;
    private readonly Tensor _embed = Toy.Matrix(11, 0.7, Width, 1);
    private readonly Tensor _mix = Toy.Matrix(12, 0.4, Width, Width);
    private readonly Tensor _head = Toy.Matrix(13, 0.4, 1, Width);

    public TwoStreamToy()
    {
        var sites = new SiteMap(new CostModel(0, 40));
        _chain = sites.AddChain("blocks", 4, new CostModel(0, 10));
        Info = Toy.Info("two-stream", PredictionType.Flow, sites) with
        {
            Classes = 0,
            Unconditional = c => new(c.Rows, ("text", zeros(c.Rows, 3, Width))),
        };
    }

    public DenoiserInfo Info { get; }

    public ConcurrentQueue<ToyCall> Calls { get; } = new();

    /// <inheritdoc/>
    public Action<string>? InBody { get; set; }

    public static Conditioning Text(int rows) => new(rows, ("text", Toy.Matrix(14, 1, rows, 3, Width)));

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        InBody?.Invoke("network");
        var text = condition["text"];
        evaluation.Layout = Info.Layout(latents.shape[1..]) with { TextLength = (int)text.size(1), Place = TextPlace.Before, ValidText = (int)text.size(1) };
        var image = nn.functional.linear(latents.flatten(2).transpose(1, 2), _embed);
        var h = evaluation.Chain(_chain, new(image, text), (Toy: this, Time: timestep / 1000.0), static (h, i, s, e) => s.Toy.Block(h, i, s.Time, e));
        return nn.functional.linear(h.Main, _head).transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
        _embed.Dispose();
        _mix.Dispose();
        _head.Dispose();
    }

    private Value Block(Value h, int i, Tensor time, Evaluation e)
    {
        Calls.Enqueue(new(_chain.Blocks[i].Path, (int)h.Main.size(0), h.Main.size(1)));
        InBody?.Invoke(_chain.Blocks[i].Path);
        var scale = e.ForRows(time).view(-1, 1, 1) + 1;
        if (i == 0)
        {
            return new(
                h.Main + (h.Text!.mean([1L], keepdim: true) * scale).tanh(),
                h.Text + (h.Main.mean([1L], keepdim: true) * scale).tanh());
        }

        if (i == 1)
        {
            return new(h.Main + nn.functional.linear(h.Main, _mix).tanh(), h.Text);
        }

        var joint = h.Joint(TextPlace.Before);
        var pooled = joint.mean([1L], keepdim: true) * scale;
        return Value.FromJoint(joint + nn.functional.linear(joint + pooled, _mix).tanh(), h.Text!.size(1), TextPlace.Before);
    }
}
