package literal

import "slices"

// An anchor starts at most maxAnchor bytes into its word, and at most maxTail bytes of
// the word follow its first byte. If a word is too long for both, the first holds. Larger
// values enlarge the range that Append samples around changed text.
const (
	maxAnchor = 8
	maxTail   = 7
)

// chooseAnchors returns the offset of the anchor of each word: the four bytes whose pairs
// are the rarest in source code, so that few samples need a comparison. A pair that is
// already in the anchor of another word costs nothing more. Words with the fewest choices
// come first.
func chooseAnchors(words []Word) []int {
	order := make([]int, len(words))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(words[a].Text) - len(words[b].Text) })
	common := pairFrequencies()
	chosen := make([]int, len(words))
	for _, i := range order {
		chosen[i] = rarestAnchor(words[i], common)
		for _, pair := range anchorPairs(words[i], chosen[i]) {
			common[pair] = 0
		}
	}
	return chosen
}

// rarestAnchor returns the offset of the least common anchor of w.
func rarestAnchor(w Word, common *[1 << 16]uint16) (best int) {
	first := min(max(0, len(w.Text)-1-maxTail), maxAnchor)
	least := 0
	for at := first; at <= min(len(w.Text)-anchorLen, maxAnchor); at++ {
		sum := 0
		for _, pair := range anchorPairs(w, at) {
			sum += int(common[pair])
		}
		if at == first || sum < least {
			best, least = at, sum
		}
	}
	return best
}

// anchorPairs returns the pairs of the anchor at offset at of w.
func anchorPairs(w Word, at int) (pairs []uint16) {
	for k := at; k < at+pairStride; k++ {
		pairs = append(pairs, spellings(w.Text[k], w.Text[k+1], w.Fold)...)
	}
	return pairs
}

// pairFrequencies returns a weight for each pair of bytes, in proportion to its expected
// frequency.
func pairFrequencies() *[1 << 16]uint16 {
	const first = 20 // offset of the ranks that fits the weights to measured frequencies
	w := new([1 << 16]uint16)
	n := len(commonPairs) / 2
	for i := range w {
		w[i] = uint16(20_000 / (n + first) / 3)
	}
	for i := range n {
		w[uint16(commonPairs[2*i])|uint16(commonPairs[2*i+1])<<8] = uint16(20_000 / (i + first))
	}
	return w
}

// commonPairs are the most common pairs of printable bytes in added source code, the most
// common first. They were counted in the new ranges of deltas in the histories of six
// projects.
const commonPairs = `   "onstinreater: e ":titeesioorenntse te"ant , artath",s codele amegeheced r aln etittr` +
	`ns spe iamed {cama clindasnenc }nglaoc},ecn"= idomouistochctilelea fut rriun =roInf paur` +
	`--haacrgnaraapfofisigiypus d o et_"Irto vepo"Life_uems prsicssmi -od bloLokeulnoshllda00` +
	`otefdisgTyadex lemck < mtspteTho nt-l s..c wrnagsoimy > g ltig 'mppr"aol 1ietuaipltt:"mo` +
	`rms"belu 0blupdosugsepxlqua abopum uvahi) cl (e.lsvi Ah p>20t._c"scueefammrcbunirud"uirr` +
	`tyRecrof11</e:spau-a_iwinfryos==020xaz-110evbai-iroweqpimud_sceysa"upp_sCos- vddibe,s_ob` +
	` h:{pu Sbo-2 Ctm-cn.t" [eglfs:x.* # "m-0-e_p.sTh T-f"rux%sm tcoo0,- _a. `
